-- title: What is exempt from tax has no tax
-- why: It would be owed to nobody.
-- Stores of N-1 do not send whether a tax is exempt: this finds something only where the flag was set afterwards.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'exempt tax of ' || s.amount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select coalesce(sum(l.amount), 0) as amount
    from   hq.retailtransactiontaxtrans l
    where  l.channel = t.channel and l.storeid = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.isexempt = 1) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    s.amount <> 0
