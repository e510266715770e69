-- tolerance: :money_tolerance
-- What headquarters has of the days that shops have sent totals for. A shop has one till.
select c.store, c.terminal, c.day,
       count(s.id) as sales,
       coalesce(sum(s.total), 0) as revenue
from   counted c
left   join hq.sale s on s.branch = c.store::int and s.sold_at >= c.day and s.sold_at < c.day + 1
group  by c.store, c.terminal, c.day
