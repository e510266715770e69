select extract(year from c.member_since)::int as year, count(distinct c.id) as customers, count(s.id) as sales,
       coalesce(sum(s.total), 0) as spent
from   customer c
left   join sale s on s.customer_id = c.id
group  by extract(year from c.member_since)::int
