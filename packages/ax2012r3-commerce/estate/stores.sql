-- title: stores that there are
-- fix: Register each with `carryover n1 stores add ID --group GROUP`, and give its secret to its sync client.
select s.storenumber as store,
       s.recid::text as what
from old.retailstoretable s
