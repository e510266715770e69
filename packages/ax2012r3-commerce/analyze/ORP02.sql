-- id: ORP02
-- section: data
-- severity: warning
-- title: asset lines of ledger journals without their asset
-- why: the asset was deleted; the dimensions of such a line cannot be resolved in version N
-- fix: delete the lines, or make the asset again
-- tables: ledgerjournaltrans_asset.assetid, ledgerjournaltrans_asset.company, assettable.assetid
select 'ledgerjournaltrans_asset ' || t.company as subject, count(*) || ' rows lead to no asset, e.g. ' || min(t.assetid) as detail, 0::bigint as bytes, count(*) as rows
from   ledgerjournaltrans_asset t
left   join assettable a on a.assetid = t.assetid and a.dataareaid = t.company
where  t.assetid <> '' and a.assetid is null
group  by t.company
order  by 1

-- fix-script:
delete from ledgerjournaltrans_asset
where  ctid = any (array(select t.ctid from ledgerjournaltrans_asset t where t.assetid <> '' and not exists (select from assettable a where a.assetid = t.assetid and a.dataareaid = t.company) limit :chunk));
