-- id: DIM01
-- section: data
-- severity: advice
-- title: inventory dimensions that become one
-- why: they differ only in the pallet, which version N does not have; their on-hand is added up in the row with the smallest RecId
-- fix: nothing, if pallets are no longer used; otherwise move the stock to licence plates before the upgrade
-- tables: inventdim
select d.dataareaid || ' ' || (array_agg(d.inventdimid order by d.recid))[1] as subject,
       'absorbs ' || array_to_string((array_agg(d.inventdimid || ' (pallet ' || coalesce(nullif(d.wmspalletid, ''), 'none') || ')' order by d.recid))[2:], ', ') as detail,
       (count(*) - 1) * 200 as bytes
from   inventdim d
group  by d.partition, d.dataareaid, d.configid, d.inventbatchid, d.inventcolorid, d.inventgtdid_ru, d.inventlocationid, d.inventownerid_ru, d.inventprofileid_ru,
       d.inventserialid, d.inventsiteid, d.inventsizeid, d.inventstatusid, d.inventstyleid, d.licenseplateid, d.wmslocationid
having count(*) > 1
order  by subject
