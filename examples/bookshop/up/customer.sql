-- key: id
-- One name becomes two. The fax number goes.
select c.id,
       hq_fn.first_name(c.name) as first_name,
       hq_fn.last_name(c.name) as last_name,
       c.email,
       c.since as member_since
from   old.customer c
