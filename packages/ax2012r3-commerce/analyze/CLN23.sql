-- id: CLN23
-- catalogue: 7210
-- section: cleanup
-- severity: advice
-- title: time registrations
-- why: registrations that were transferred are kept in the journals of time and attendance
-- fix: Production control > Periodic > Clean up > Clean up registrations
-- threshold: registration_age_days 61
-- tables: jmgtermreg.regdatetime
select 'jmgtermreg' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('jmgtermreg'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.regdatetime < current_date - :'registration_age_days'::int) as n from jmgtermreg t) x
where  x.n > 0 and pg_total_relation_size('jmgtermreg'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
