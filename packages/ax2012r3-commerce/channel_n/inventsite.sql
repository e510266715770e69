-- key: siteid, dataareaid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.name,
       t.siteid,
       t.dataareaid
from hq.inventsite t
