-- id: CLN21
-- catalogue: 7190
-- section: cleanup
-- severity: advice
-- title: trace of SQL statements
-- why: it was switched on to find something out, long ago
-- fix: run the script, or System administration > Inquiries > Database > SQL statement trace log, Clear log
-- tables: systracetablesqlexecplan, systracetablesqltabref, systracetablesql
select 'systracetablesqlexecplan' as subject, x.n || ' of ' || x.total || ' rows: kept' as detail,
       (pg_total_relation_size('systracetablesqlexecplan'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where true) as n from systracetablesqlexecplan t) x
where  x.n > 0 and pg_total_relation_size('systracetablesqlexecplan'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'systracetablesqltabref' as subject, x.n || ' of ' || x.total || ' rows: kept' as detail,
       (pg_total_relation_size('systracetablesqltabref'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where true) as n from systracetablesqltabref t) x
where  x.n > 0 and pg_total_relation_size('systracetablesqltabref'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'systracetablesql' as subject, x.n || ' of ' || x.total || ' rows: kept' as detail,
       (pg_total_relation_size('systracetablesql'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where true) as n from systracetablesql t) x
where  x.n > 0 and pg_total_relation_size('systracetablesql'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from systracetablesqlexecplan
where  ctid = any (array(select t.ctid from systracetablesqlexecplan t where true limit :chunk));
delete from systracetablesqltabref
where  ctid = any (array(select t.ctid from systracetablesqltabref t where true limit :chunk));
delete from systracetablesql
where  ctid = any (array(select t.ctid from systracetablesql t where true limit :chunk));
