-- key: isbn
-- rounds: price: prices have cents only in Papyrus 2
select p.code as isbn,
       p.title,
       p.author,
       p.price,
       case p.status when 'available' then 'A' when 'out of print' then 'O' when 'special order' then 'S' end as status
from   hq.product p
where  p.kind = 'book'
