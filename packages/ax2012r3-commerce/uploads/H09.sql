-- title: The number of items is that of the lines
-- why: A line that was lost on the way shows here, also when it was free.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'the header has ' || trim_scale(t.numberofitems) || ' items, the lines ' || trim_scale(s.items) as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select -coalesce(sum(l.qty), 0) as items
    from   hq.retailtransactionsalestrans l
    where  l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.transactionstatus = 0) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    abs(t.numberofitems - s.items) > :quantity_tolerance
