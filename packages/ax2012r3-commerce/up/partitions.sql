-- key: recid
select t.id,
       t.name,
       t.partitionkey,
       t.recversion,
       t.recid
from old.partitions t
