-- key: dataareaid, inventdimid
-- Every dimension N-1 ever had comes back under its own id, with its pallet and its old hash, and with the dimensions of the
-- one it was merged into. Dimensions that are new in N follow; they have no pallet, and N-1 gets their new hash.
select l.inventdimid,
       h.inventbatchid,
       h.wmslocationid,
       l.wmspalletid,
       h.inventserialid,
       h.inventlocationid,
       h.configid,
       h.inventsizeid,
       h.inventcolorid,
       h.inventsiteid,
       h.inventgtdid_ru,
       h.inventprofileid_ru,
       h.inventownerid_ru,
       h.inventstyleid,
       h.licenseplateid,
       h.inventstatusid,
       l.legacysha1hash as sha1hash,
       l.modifieddatetime,
       l.modifiedby,
       l.createddatetime,
       l.dataareaid,
       l.recversion,
       l.partition,
       l.recid
from hq.retailinventdimsha1hashtablelegacy l
join hq.inventdim h on h.dataareaid = l.dataareaid and h.inventdimid = l.survivorinventdimid
union all
select h.inventdimid,
       h.inventbatchid,
       h.wmslocationid,
       ''::varchar(18) as wmspalletid,
       h.inventserialid,
       h.inventlocationid,
       h.configid,
       h.inventsizeid,
       h.inventcolorid,
       h.inventsiteid,
       h.inventgtdid_ru,
       h.inventprofileid_ru,
       h.inventownerid_ru,
       h.inventstyleid,
       h.licenseplateid,
       h.inventstatusid,
       decode(h.sha1hashhex, 'hex') as sha1hash,
       h.modifieddatetime,
       h.modifiedby,
       h.createddatetime,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.inventdim h
where not exists (
    select 1
    from   hq.retailinventdimsha1hashtablelegacy l
    where  l.dataareaid = h.dataareaid
    and    l.inventdimid = h.inventdimid)
