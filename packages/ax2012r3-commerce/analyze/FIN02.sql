-- id: FIN02
-- catalogue: 5010
-- section: advice
-- severity: advice
-- title: timesheets
-- why: version N has a mobile app for them
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: tstimesheetline.modifieddatetime
select 'tstimesheetline' as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   tstimesheetline t
where  t.modifieddatetime >= current_date - :'volume_days'::int
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
