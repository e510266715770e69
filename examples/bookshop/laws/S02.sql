-- id: S02
-- title: a sale is the sum of its lines
-- kind: invariant
-- key: id
-- area: sales
-- why: the customer holds the lines in his hand
select s.id, s.total, l.amount
from   sale s
left   join (select sale, sum(amount) as amount from sale_line group by sale) l on l.sale = s.id
where  abs(s.total - coalesce(l.amount, 0)) > :money_tolerance
