-- id: P01
-- title: what was sold is in the catalogue
-- kind: invariant
-- key: sale, line
-- area: products
-- why: a receipt without a title is no receipt
select l.sale, l.line, coalesce(l.isbn, l.issn) as product
from   sale_line l
left   join book b on b.isbn = l.isbn
left   join magazine m on m.issn = l.issn
where  coalesce(b.isbn, m.issn) is null
