-- key: issn
-- rounds: price: four decimals were rounded to 2 decimals
select p.code as issn,
       p.title,
       p.issue,
       p.price
from   hq.product p
where  p.kind = 'magazine'
