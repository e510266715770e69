-- id: KEY01
-- section: environment
-- severity: warning
-- title: tables without a key
-- why: their changes cannot be followed, so they are copied while everybody waits
-- fix: add a primary key, empty the table, or put it on the ignore list
select c.relname as subject, greatest(c.reltuples, 0)::bigint || ' rows (estimate)' as detail, 0::bigint as bytes
from   pg_class c
where  c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
and    not exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
                   and (i.indisprimary or not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey) and not a.attnotnull)))
order  by subject
