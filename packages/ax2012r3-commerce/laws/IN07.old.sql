-- id: IN07
-- title: dimension columns copied into on-hand equal the dimension row
-- kind: invariant
-- key: recid
-- area: inventory
-- why: version N reads site, warehouse and the others from on-hand itself
select s.recid
from   inventsum s
where  false
