-- id: RT11
-- title: replication counter of an origin is unique
-- kind: invariant
-- key: origin, replicationcounterfromorigin
-- area: retail
-- why: a store counts its transactions; the upload of N-1 relies on the largest count seen
select origin, replicationcounterfromorigin, count(*) as n
from   retailtransactiontable
where  replicationcounterfromorigin <> 0
group  by origin, replicationcounterfromorigin
having count(*) > 1
