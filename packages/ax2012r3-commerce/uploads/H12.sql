-- title: Prices include tax where the channel says so
-- why: Otherwise tax is posted twice, or not at all.
-- Stores of N-1 say it on each tax; the header has what the channel says.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'prices ' || case t.istaxincludedinprice when 0 then 'exclude' else 'include' end || ' tax, ' || s.n || ' of its taxes say otherwise' as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select count(*) as n
    from   hq.retailtransactiontaxtrans l
    where  l.channel = t.channel and l.storeid = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.isincludedinprice <> t.istaxincludedinprice) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    s.n > 0
