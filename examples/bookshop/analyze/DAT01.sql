-- id: DAT01
-- section: data
-- severity: blocker
-- title: codes that Papyrus 2 does not know
-- why: there is nothing they could become, so the upgrade would stop at these rows
-- fix: correct the status of the book or the payment of the sale in Papyrus 1
select 'book ' || isbn as subject, 'status "' || status || '"' as detail, 0::bigint as bytes
from   book
where  status not in ('A', 'O', 'S')
union  all
select 'sale ' || id, 'payment "' || payment || '"', 0
from   sale
where  payment not in ('C', 'K', 'V')
