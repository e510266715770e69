-- title: There are no charges beside net and tax
-- why: They would have to be posted to an account of their own.
-- Charges are in a table that this package does not carry; they show as what is left of a line without net and tax.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'net ' || l.netamount || ' and tax ' || l.taxamount || ' are not ' || l.netamountincltax as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    abs(l.netamount + l.taxamount - l.netamountincltax) > :money_tolerance
