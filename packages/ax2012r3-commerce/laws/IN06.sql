-- id: IN06
-- title: settlements net to zero between issue and receipt
-- kind: invariant
-- key: dataareaid, itemid, settletransid
-- area: inventory
-- why: what an issue takes a receipt must give
select dataareaid, itemid, settletransid, sum(qtysettled) as q
from   inventsettlement
where  cancelled = 0
group  by dataareaid, itemid, settletransid
having abs(sum(qtysettled)) > 0.000001
