-- id: CLN18
-- catalogue: 7160
-- section: cleanup
-- severity: advice
-- title: transaction log of sales and marketing
-- why: it is on by default and writes a row for everything that is created, changed or deleted
-- fix: run the script
-- threshold: smmlog_age_days 365
-- tables: smmtranslog.logdatetime
select 'smmtranslog' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('smmtranslog'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.logdatetime < current_date - :'smmlog_age_days'::int) as n from smmtranslog t) x
where  x.n > 0 and pg_total_relation_size('smmtranslog'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from smmtranslog
where  ctid = any (array(select t.ctid from smmtranslog t where t.logdatetime < current_date - :'smmlog_age_days'::int limit :chunk));
