-- title: The tax of a line is the sum of its taxes
-- why: Tax is posted by tax code.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'the tax is ' || l.taxamount || ', its taxes are ' || x.amount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
cross  join lateral (
    select coalesce(sum(y.amount), 0) as amount
    from   hq.retailtransactiontaxtrans y
    where  y.channel = l.channel and y.storeid = l.store and y.terminalid = l.terminalid
    and    y.transactionid = l.transactionid and y.salelinenum = l.linenum and y.dataareaid = l.dataareaid) x
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    abs(l.taxamount + x.amount) > :money_tolerance
