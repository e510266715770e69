-- A book that is there, from a random place on.
select isbn as item, cents(price) as price, 0 as tax_rate
from   book
where  status = 'A' and rowid >= 1 + :pick % (select max(rowid) from book)
order  by rowid
limit  1
