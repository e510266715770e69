-- title: transactions that have not arrived
-- fix: Run the P-0001 upload job of the store once more; if the gap stays, the store has lost rows and its own database has to be looked at.
-- Every origin counts its rows from 1 without a gap, so a hole is what has not arrived.
select min(t.store) as store,
       t.origin || ': ' || (max(t.replicationcounterfromorigin) - count(distinct t.replicationcounterfromorigin))
           || ' transactions below number ' || max(t.replicationcounterfromorigin) || ' are missing' as what
from old.retailtransactiontable t
where t.replicationcounterfromorigin > 0
group by t.origin
having max(t.replicationcounterfromorigin) > count(distinct t.replicationcounterfromorigin)
order by 1, 2
