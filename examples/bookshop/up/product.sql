-- key: code
-- rounds: price: four decimals are rounded to 2 decimals
-- Books and magazines become one table; the status is spelled out. A status that is not known here would be null, and
-- the table refuses that: see analyze/DAT01.sql.
select b.isbn as code,
       'book' as kind,
       b.title,
       b.author,
       null::int as issue,
       round(b.price, 2) as price,
       case b.status when 'A' then 'available' when 'O' then 'out of print' when 'S' then 'special order' end as status
from   old.book b
union  all
select m.issn,
       'magazine',
       m.title,
       null,
       m.issue,
       round(m.price, 2),
       'available'
from   old.magazine m
