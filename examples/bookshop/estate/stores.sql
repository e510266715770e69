-- title: shops that there are
-- fix: Register each with `carryover n1 stores add ID --group GROUP`.
select distinct s.branch::text as store,
       'has sold something' as what
from   old.sale s
