-- key: issn
-- rounds: price: prices have cents only in Papyrus 2
select p.code as issn,
       p.title,
       p.issue,
       p.price
from   hq.product p
where  p.kind = 'magazine'
