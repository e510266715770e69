-- key: recid
-- References to dimensions that were merged move to the one that survives (see inventdim.sql).
select t.itemid,
       coalesce(s.inventdimid, t.inventdimid) as inventdimid,
       t.distinctproductvariant,
       t.retailvariantid,
       '' as productlifecyclestateid,
       t.createddatetime,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.inventdimcombination t
left join old.inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid
left join (
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
) s on s.dataareaid = d.dataareaid
    and s.identity = hq_fn.inventdim_identity(d.configid, d.inventbatchid, d.inventcolorid, d.inventgtdid_ru,
            d.inventlocationid, d.inventownerid_ru, d.inventprofileid_ru, d.inventserialid,
            d.inventsiteid, d.inventsizeid, d.inventstatusid, d.inventstyleid,
            d.licenseplateid, d.wmslocationid)
