-- key: isbn
-- rounds: price: four decimals were rounded to 2 decimals
select p.code as isbn,
       p.title,
       p.author,
       p.price,
       case p.status when 'available' then 'A' when 'out of print' then 'O' when 'special order' then 'S' end as status
from   hq.product p
where  p.kind = 'book'
