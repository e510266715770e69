-- id: AP04
-- title: no open vendor line without its transaction
-- kind: invariant
-- key: dataareaid, recid
-- area: payables
-- why: such a line is asked for but can never be settled
select o.dataareaid, o.recid
from   vendtransopen o
left   join vendtrans t on t.recid = o.refrecid and t.dataareaid = o.dataareaid
where  t.recid is null
