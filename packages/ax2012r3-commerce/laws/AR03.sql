-- id: AR03
-- title: no open customer line without its transaction
-- kind: invariant
-- key: dataareaid, recid
-- area: receivables
-- why: such a line is asked for but can never be settled
select o.dataareaid, o.recid
from   custtransopen o
left   join custtrans t on t.recid = o.refrecid and t.dataareaid = o.dataareaid
where  t.recid is null
