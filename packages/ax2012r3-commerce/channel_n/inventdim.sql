-- key: inventdimid, dataareaid
-- jobs: 1040_AX7
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
       t.wmslocationid,
       t.sha1hashhex,
       t.dataareaid
from hq.inventdim t
