-- key: dataareaid, inventdimid
-- What only version N-1 knows of its dimensions: the old hash and the pallet, for every one of them, and the id of the
-- dimension it was merged into. N-1 stores go on using the old ids; down/inventdim.sql gives them back.
select t.sha1hash as legacysha1hash,
       t.inventdimid,
       s.inventdimid as survivorinventdimid,
       t.wmspalletid,
       t.modifieddatetime,
       t.modifiedby,
       t.createddatetime,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.inventdim t
join (
    select v.dataareaid, v.inventdimid,
           hq_fn.inventdim_identity(v.configid, v.inventbatchid, v.inventcolorid, v.inventgtdid_ru,
               v.inventlocationid, v.inventownerid_ru, v.inventprofileid_ru, v.inventserialid,
               v.inventsiteid, v.inventsizeid, v.inventstatusid, v.inventstyleid,
               v.licenseplateid, v.wmslocationid) as identity
    from   old.inventdim v
    where  v.recid = (
        select min(x.recid)
        from   old.inventdim x
        where  x.dataareaid = v.dataareaid
        and    hq_fn.inventdim_identity(x.configid, x.inventbatchid, x.inventcolorid, x.inventgtdid_ru,
                   x.inventlocationid, x.inventownerid_ru, x.inventprofileid_ru, x.inventserialid,
                   x.inventsiteid, x.inventsizeid, x.inventstatusid, x.inventstyleid,
                   x.licenseplateid, x.wmslocationid)
             = hq_fn.inventdim_identity(v.configid, v.inventbatchid, v.inventcolorid, v.inventgtdid_ru,
                   v.inventlocationid, v.inventownerid_ru, v.inventprofileid_ru, v.inventserialid,
                   v.inventsiteid, v.inventsizeid, v.inventstatusid, v.inventstyleid,
                   v.licenseplateid, v.wmslocationid))
) s on s.dataareaid = t.dataareaid
    and s.identity = hq_fn.inventdim_identity(t.configid, t.inventbatchid, t.inventcolorid, t.inventgtdid_ru,
            t.inventlocationid, t.inventownerid_ru, t.inventprofileid_ru, t.inventserialid,
            t.inventsiteid, t.inventsizeid, t.inventstatusid, t.inventstyleid,
            t.licenseplateid, t.wmslocationid)
