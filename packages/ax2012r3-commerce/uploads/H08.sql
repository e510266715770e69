-- title: Net and tax are gross
-- why: What is neither revenue nor tax could be posted nowhere.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'net ' || t.netamount || ' and tax ' || s.tax || ' are not the gross amount ' || t.grossamount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select coalesce(sum(l.taxamount), 0) as tax
    from   hq.retailtransactionsalestrans l
    where  l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.transactionstatus = 0) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    abs(t.netamount + s.tax - t.grossamount) > :money_tolerance
