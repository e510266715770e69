-- key: inventlocationid, dataareaid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.inventlocationid,
       t.inventlocationtype,
       t.inventsiteid,
       t.name,
       t.dataareaid
from hq.inventlocation t
