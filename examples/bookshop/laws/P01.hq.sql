select l.sale, l.line, l.product
from   sale_line l
left   join product p on p.code = l.product
where  p.code is null
