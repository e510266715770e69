-- title: transactions that are suspended
-- fix: Recall them at the tills and finish or void them.
-- The entry status 5 is on hold. Suspended transactions are rows like any other once their store has sent them.
select t.store,
       'terminal ' || t.terminal || ', transaction ' || t.transactionid || ' is suspended' as what
from old.retailtransactiontable t
where t.entrystatus = 5
order by 1, 2
