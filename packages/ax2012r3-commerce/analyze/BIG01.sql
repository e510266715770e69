-- id: BIG01
-- catalogue: 7010
-- section: environment
-- severity: info
-- title: large tables
-- why: they decide how long the first copy takes and how much space is needed
-- fix: clean up first; plan disk for twice their size on the target
-- threshold: large_table_mb 10000
select c.relname as subject, greatest(c.reltuples, 0)::bigint || ' rows (estimate), ' || pg_size_pretty(pg_total_relation_size(c.oid)) as detail, 0::bigint as bytes
from   pg_class c
where  c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'm')
and    pg_total_relation_size(c.oid) >= :'large_table_mb'::bigint * 1048576
order  by pg_total_relation_size(c.oid) desc
