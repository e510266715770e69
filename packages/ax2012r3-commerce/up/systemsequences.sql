-- key: tabid, name, dataareaid
select t.id,
       t.nextval,
       t.minval,
       t.maxval,
       t.cycle,
       t.name,
       t.tabid,
       t.dataareaid,
       t.recversion,
       t.recid
from old.systemsequences t
