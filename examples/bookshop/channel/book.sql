-- key: isbn
-- jobs: 10
-- scope: all
-- Books that can be sold; one that goes out of print is deleted in the shops.
select b.isbn,
       b.title,
       b.author,
       b.price
from   old.book b
where  b.status <> 'O'
