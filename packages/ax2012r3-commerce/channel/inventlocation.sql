-- key: inventlocationid, dataareaid
-- jobs: 1070
-- scope: all
select t.recid,
       t.inventlocationid,
       t.inventlocationtype,
       t.inventsiteid,
       t.name,
       t.dataareaid
from old.inventlocation t
