-- id: FIN07
-- catalogue: 5060
-- section: advice
-- severity: advice
-- title: ledger journals with many lines a day
-- why: a day like that decides how long the posting of version N takes
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: ledgerjournaltrans.transdate, ledgerjournaltrans.dataareaid
select t.dataareaid || ' ' || t.transdate::date as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   ledgerjournaltrans t
where  t.transdate >= current_date - :'volume_days'::int
group  by t.dataareaid, t.transdate::date
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
