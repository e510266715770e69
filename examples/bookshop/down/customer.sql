-- key: id
-- loses: fax: Papyrus 2 has no fax numbers
select c.id,
       c.last_name || coalesce(', ' || c.first_name, '') as name,
       c.email,
       null::varchar(20) as fax,
       c.member_since as since
from   hq.customer c
