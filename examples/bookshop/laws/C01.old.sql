-- id: C01
-- title: customers and their purchases per year of joining
-- kind: conservation
-- key: year
-- compare: customers exact, sales exact, spent :money_tolerance
-- area: customers
-- why: nobody may lose his bonus
select extract(year from c.since)::int as year, count(distinct c.id) as customers, count(s.id) as sales,
       coalesce(sum(s.total), 0) as spent
from   customer c
left   join sale s on s.customer = c.id
group  by extract(year from c.since)::int
