-- title: The unit can be converted
-- why: Stock is kept in one unit, sales may be in another.
-- Factors are in a table that this package does not carry: quantities of both units go the same way, and without a unit
-- they are the same.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || trim_scale(l.unitqty) || ' ' || l.unit || ' are ' || trim_scale(l.qty) as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    (sign(l.qty) <> sign(l.unitqty) or (l.unit = '' and l.qty <> l.unitqty))
