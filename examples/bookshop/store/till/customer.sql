select id as customer from customer where rowid >= 1 + :pick % (select max(rowid) from customer) order by rowid limit 1
