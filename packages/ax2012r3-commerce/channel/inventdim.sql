-- key: inventdimid, dataareaid
-- jobs: 1040
-- scope: all
select t.recid,
       t.configid,
       t.inventbatchid,
       t.inventcolorid,
       t.inventdimid,
       t.inventgtdid_ru,
       t.inventlocationid,
       t.inventownerid_ru,
       t.inventprofileid_ru,
       t.inventserialid,
       t.inventsiteid,
       t.inventsizeid,
       t.inventstyleid,
       t.sha1hash,
       t.wmslocationid,
       t.wmspalletid,
       t.dataareaid
from old.inventdim t
