-- id: IN05
-- title: closed stock transactions are settled in full
-- kind: invariant
-- key: recid
-- area: inventory
-- why: a closed transaction that is not settled is never looked at again
select recid, qty, qtysettled
from   inventtrans
where  valueopen = 0 and abs(qty - qtysettled) > 0.000001
