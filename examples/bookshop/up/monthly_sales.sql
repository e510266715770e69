-- key: product, month
-- rounds: revenue: four decimals are rounded to 2 decimals
-- New in Papyrus 2: what each product sold in each month.
select coalesce(l.isbn, l.issn) as product,
       date_trunc('month', s.sold_at)::date as month,
       sum(l.copies) as copies,
       round(sum(l.amount), 2) as revenue
from   old.sale_line l
join   old.sale s on s.id = l.sale
group  by coalesce(l.isbn, l.issn), date_trunc('month', s.sold_at)::date
