-- key: id
-- jobs: 11
-- scope: all
-- Every shop of Papyrus 2 knows all customers. The table has the name that it had in Papyrus 1, and other columns.
select c.id,
       c.last_name,
       c.first_name,
       c.email
from   hq.customer c
