-- id: PAR01
-- catalogue: 1020
-- section: data
-- severity: blocker
-- title: more than one data partition
-- why: version N knows a single partition; rows of the others would mix with it
-- fix: move each further partition to a database of its own, or delete it in version N-1
-- tables: partitions
select p.partitionkey || ' (' || p.name || ')' as subject, 'recid ' || p.recid as detail, 0::bigint as bytes
from   partitions p
where  (select count(*) from partitions) > 1
order  by p.recid
