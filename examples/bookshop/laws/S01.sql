-- id: S01
-- title: takings per branch and month
-- kind: conservation
-- key: branch, month
-- compare: sales exact, total :money_tolerance
-- area: sales
-- why: the tax office asks for these figures
select branch, date_trunc('month', sold_at)::date as month, count(*) as sales, sum(total) as total
from   sale
group  by branch, date_trunc('month', sold_at)::date
