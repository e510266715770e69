-- title: The discount is the sum of the discounts of the lines
-- why: Discounts are posted line by line.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'the discount is ' || t.discamount || ', the lines have ' || s.amount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select coalesce(sum(l.discamount), 0) as amount
    from   hq.retailtransactionsalestrans l
    where  l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.transactionstatus = 0) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    abs(t.discamount - s.amount) > :money_tolerance
