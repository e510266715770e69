-- title: What has no tax group has no tax
-- why: There is no tax code to post it to.
-- Stores of N-1 do not send exemptions line by line: a line without a tax group is what is exempt for certain.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'tax of ' || l.taxamount || ' without a tax group' as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    (l.taxgroup = '' or l.taxitemgroup = '') and l.taxamount <> 0
