-- A line that was sold; shops of Papyrus 1 do not note where a return comes from.
select isbn as item, copies as quantity, cents(amount) / copies as price, cents(amount) as net, 0 as tax
from   sale_line
where  copies > 0 and rowid >= 1 + :pick % (select max(rowid) from sale_line)
order  by rowid
limit  1
