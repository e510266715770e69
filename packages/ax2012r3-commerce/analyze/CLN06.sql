-- id: CLN06
-- catalogue: 7030
-- section: cleanup
-- severity: advice
-- title: time registrations with a date in the future
-- why: they were entered by mistake and are archived by no clean-up
-- fix: archive them with Production control > Periodic > Clean up > Archive future registrations, then clean the archive
-- tables: jmgtermreg.regdatetime
select 'jmgtermreg' as subject, x.n || ' of ' || x.total || ' rows: dated in the future' as detail,
       (pg_total_relation_size('jmgtermreg'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.regdatetime > current_date + 1) as n from jmgtermreg t) x
where  x.n > 0 and pg_total_relation_size('jmgtermreg'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
