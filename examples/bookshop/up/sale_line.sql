-- key: sale, line
-- rounds: amount: four decimals are rounded to 2 decimals
-- Every line now knows its branch, and names what was sold in one column.
select l.sale,
       l.line,
       s.branch,
       coalesce(l.isbn, l.issn) as product,
       l.copies,
       round(l.amount, 2) as amount
from   old.sale_line l
join   old.sale s on s.id = l.sale
