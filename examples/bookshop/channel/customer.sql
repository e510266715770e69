-- key: channel_store, id
-- jobs: 20
-- scope: store
-- A shop knows the customers who have bought something there.
select distinct s.branch::text as channel_store,
       c.id,
       c.name,
       c.email
from   old.sale s
join   old.customer c on c.id = s.customer
