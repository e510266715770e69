-- id: FIN03
-- catalogue: 5020
-- section: advice
-- severity: advice
-- title: expenses
-- why: version N has other pages and a mobile app for them
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: trvexptrans.modifieddatetime
select 'trvexptrans' as subject, count(*) || ' transactions in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   trvexptrans t
where  t.modifieddatetime >= current_date - :'volume_days'::int
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
