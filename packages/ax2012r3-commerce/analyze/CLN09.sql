-- id: CLN09
-- catalogue: 7060
-- section: cleanup
-- severity: advice
-- title: working times of past years
-- why: calendars need the dates to come; the calendars themselves stay
-- fix: run the script, or Organization administration > Periodic > Calendar cleanup
-- threshold: calendar_age_days 365
-- tables: workcalendardate.transdate
select 'workcalendardate' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('workcalendardate'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.transdate < current_date - :'calendar_age_days'::int) as n from workcalendardate t) x
where  x.n > 0 and pg_total_relation_size('workcalendardate'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from workcalendardate
where  ctid = any (array(select t.ctid from workcalendardate t where t.transdate < current_date - :'calendar_age_days'::int limit :chunk));
