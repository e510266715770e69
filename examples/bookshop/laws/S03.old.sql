-- id: S03
-- title: copies and revenue per product and month
-- kind: conservation
-- key: product, month
-- compare: copies exact, revenue :money_tolerance
-- area: sales
-- why: orders are decided by these figures
select coalesce(l.isbn, l.issn) as product, date_trunc('month', s.sold_at)::date as month,
       sum(l.copies) as copies, sum(l.amount) as revenue
from   sale_line l
join   sale s on s.id = l.sale
group  by coalesce(l.isbn, l.issn), date_trunc('month', s.sold_at)::date
