-- key: id
-- rounds: total: four decimals are rounded to 2 decimals
select s.id,
       s.branch,
       s.customer as customer_id,
       s.sold_at,
       case s.payment when 'C' then 'cash' when 'K' then 'card' when 'V' then 'voucher' end as payment,
       round(s.total, 2) as total,
       0 as checked
from   old.sale s
