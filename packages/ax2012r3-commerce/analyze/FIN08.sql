-- id: FIN08
-- catalogue: 5070
-- section: advice
-- severity: advice
-- title: ledger journals with many lines
-- why: version N posts very large journals in parts
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: ledgerjournaltrans.journalnum, ledgerjournaltrans.transdate
select t.dataareaid || ' ' || t.journalnum as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   ledgerjournaltrans t
where  t.transdate >= current_date - :'volume_days'::int
group  by t.dataareaid, t.journalnum
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
