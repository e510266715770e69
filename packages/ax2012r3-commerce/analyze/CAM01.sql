-- id: CAM01
-- section: data
-- severity: warning
-- title: cost accounting tables without their type
-- why: tables that inherit need the column relationtype in version N
-- fix: synchronize the database of version N-1
select c.relname::text as subject, 'has instancerelationtype, but no relationtype' as detail, 0::bigint as bytes
from   pg_class c
join   pg_attribute a on a.attrelid = c.oid and a.attname = 'instancerelationtype' and not a.attisdropped
where  c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relname like 'camdata%'
and    not exists (select from pg_attribute r where r.attrelid = c.oid and r.attname = 'relationtype' and not r.attisdropped)
order  by 1
