-- id: CLN14
-- catalogue: 7120
-- section: cleanup
-- severity: advice
-- title: log of master planning
-- why: master planning empties it when it runs; where it does not run the log only grows
-- fix: run the script
-- threshold: planlog_age_days 92
-- tables: inventsumlogtts.iscommitted, inventsumlogtts.utccreateddatetime
select 'inventsumlogtts' as subject, x.n || ' of ' || x.total || ' rows: committed and older than the limit' as detail,
       (pg_total_relation_size('inventsumlogtts'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.iscommitted = 1 and t.utccreateddatetime < current_date - :'planlog_age_days'::int) as n from inventsumlogtts t) x
where  x.n > 0 and pg_total_relation_size('inventsumlogtts'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from inventsumlogtts
where  ctid = any (array(select t.ctid from inventsumlogtts t where t.iscommitted = 1 and t.utccreateddatetime < current_date - :'planlog_age_days'::int limit :chunk));
