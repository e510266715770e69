-- key: siteid, dataareaid
-- jobs: 1070
-- scope: all
select t.recid,
       t.name,
       t.siteid,
       t.dataareaid
from old.inventsite t
