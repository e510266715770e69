-- id: DBS02
-- catalogue: 7010
-- section: environment
-- severity: advice
-- title: tables with much dead space
-- why: PostgreSQL has no page compression to switch on; what a large table wastes are rows that are dead, and they are copied by nobody but slow every scan down
-- fix: VACUUM FULL or pg_repack in a quiet hour, when the space is needed
-- threshold: bloat_mb 1000
select c.relname::text as subject, s.n_dead_tup || ' dead rows beside ' || s.n_live_tup as detail,
       (pg_relation_size(c.oid) * s.n_dead_tup / greatest(s.n_dead_tup + s.n_live_tup, 1))::bigint as bytes, s.n_dead_tup as rows
from   pg_stat_user_tables s
join   pg_class c on c.oid = s.relid
where  c.relnamespace = current_schema()::regnamespace and s.n_dead_tup > s.n_live_tup
and    pg_relation_size(c.oid) >= :'bloat_mb'::numeric * 1048576
order  by 3 desc
