-- title: The tax groups of sale and item have a code in common
-- why: Tax is what the two groups share.
-- The codes of the groups are in tables that this package does not carry; where a line has tax, some code must have made it.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'tax of ' || l.taxamount || ' but no tax code in ' || l.taxgroup || ' and ' || l.taxitemgroup as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    l.taxgroup <> '' and l.taxitemgroup <> '' and l.taxamount <> 0
and    not exists (select from hq.retailtransactiontaxtrans y where y.channel = l.channel and y.storeid = l.store
                   and y.terminalid = l.terminalid and y.transactionid = l.transactionid and y.salelinenum = l.linenum
                   and y.dataareaid = l.dataareaid)
