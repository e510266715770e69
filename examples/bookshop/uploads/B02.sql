-- title: Everything that is sold has a price
select s.id,
       'line ' || l.line || ': ' || l.product || ' costs ' || l.amount / l.copies
from   uploaded u
join   hq.sale s on s.id = u.id
join   hq.sale_line l on l.sale = s.id
where  l.amount / l.copies <= 0
