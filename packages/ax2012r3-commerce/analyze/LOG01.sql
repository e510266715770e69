-- id: LOG01
-- section: environment
-- severity: warning
-- title: database log on tables of the kernel
-- why: the log of a kernel table stops the upgrade with a message about the evaluation stack
-- fix: switch the log of these tables off
-- tables: databaselog.logtable
select 'databaselog' as subject, 'table ' || l.logtable as detail, 0::bigint as bytes
from   databaselog l
where  l.logtable >= 65000
order  by l.logtable
