-- id: ORG01
-- catalogue: 6060
-- section: environment
-- severity: info
-- title: legal entities
-- why: each is upgraded, proven and signed off
-- tables: dataarea.id
select a.id::text as subject, a.name::text as detail, 0::bigint as bytes
from   dataarea a
order  by 1
