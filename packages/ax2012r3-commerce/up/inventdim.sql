-- key: dataareaid, inventdimid
-- Pallets are gone. Dimensions that differed by the pallet alone are now the same one: the one with the smallest recid
-- survives, everything that refers to another one is moved to it. The unique hash is made over the 14 dimensions that
-- are left. retailinventdimsha1hashtablelegacy remembers what is dropped here.
-- Dropped: wmspalletid, sha1hash.
select t.inventdimid,
       t.inventbatchid,
       t.wmslocationid,
       t.inventserialid,
       t.inventlocationid,
       t.configid,
       t.inventsizeid,
       t.inventcolorid,
       t.inventsiteid,
       t.inventgtdid_ru,
       t.inventprofileid_ru,
       t.inventownerid_ru,
       t.inventstyleid,
       t.licenseplateid,
       t.inventstatusid,
       '' as inventversionid,
       hq_fn.inventdim_sha1hashhex(hq_fn.inventdim_identity(t.configid, t.inventbatchid, t.inventcolorid, t.inventgtdid_ru,
               t.inventlocationid, t.inventownerid_ru, t.inventprofileid_ru, t.inventserialid,
               t.inventsiteid, t.inventsizeid, t.inventstatusid, t.inventstyleid,
               t.licenseplateid, t.wmslocationid)) as sha1hashhex,
       '' as inventdimension1,
       '' as inventdimension2,
       '' as inventdimension3,
       '' as inventdimension4,
       '' as inventdimension5,
       '' as inventdimension6,
       '' as inventdimension7,
       '' as inventdimension8,
       timestamp '1900-01-01' as inventdimension9,
       0.000000 as inventdimension10,
       '' as inventdimension11,
       '' as inventdimension12,
       t.createddatetime,
       t.modifieddatetime,
       t.modifiedby,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.inventdim t
where t.recid = (
    select min(x.recid)
    from   old.inventdim x
    where  x.dataareaid = t.dataareaid
    and    hq_fn.inventdim_identity(x.configid, x.inventbatchid, x.inventcolorid, x.inventgtdid_ru,
               x.inventlocationid, x.inventownerid_ru, x.inventprofileid_ru, x.inventserialid,
               x.inventsiteid, x.inventsizeid, x.inventstatusid, x.inventstyleid,
               x.licenseplateid, x.wmslocationid)
         = hq_fn.inventdim_identity(t.configid, t.inventbatchid, t.inventcolorid, t.inventgtdid_ru,
               t.inventlocationid, t.inventownerid_ru, t.inventprofileid_ru, t.inventserialid,
               t.inventsiteid, t.inventsizeid, t.inventstatusid, t.inventstyleid,
               t.licenseplateid, t.wmslocationid))
