-- id: CLN10
-- catalogue: 7070
-- section: cleanup
-- severity: advice
-- title: database log
-- why: it grows with every change of a logged table and is often the largest table of all
-- fix: run the script, or System administration > Inquiries > Database > Database log, Clean up log
-- threshold: databaselog_age_days 365
-- tables: sysdatabaselog.createddatetime
select 'sysdatabaselog' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('sysdatabaselog'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.createddatetime < current_date - :'databaselog_age_days'::int) as n from sysdatabaselog t) x
where  x.n > 0 and pg_total_relation_size('sysdatabaselog'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from sysdatabaselog
where  ctid = any (array(select t.ctid from sysdatabaselog t where t.createddatetime < current_date - :'databaselog_age_days'::int limit :chunk));
