-- title: A sale is not empty
-- why: There is nothing to post.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'neither lines, nor payments, nor income or expenses' as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    t.incomeexpenseamount = 0
and    not exists (select from hq.retailtransactionsalestrans l where l.channel = t.channel and l.store = t.store
                   and l.terminalid = t.terminal and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid)
and    not exists (select from hq.retailtransactionpaymenttrans p where p.channel = t.channel and p.store = t.store
                   and p.terminal = t.terminal and p.transactionid = t.transactionid and p.dataareaid = t.dataareaid)
