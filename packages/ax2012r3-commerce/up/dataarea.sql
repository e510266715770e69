-- key: recid
-- Virtual companies do not exist in N (a source that has any is refused by the analysis).
select t.id,
       t.name,
       t.isvirtual,
       t.aliasfor,
       t.timezone,
       t.recversion,
       t.partition,
       t.recid
from old.dataarea t
where t.isvirtual = 0
