-- title: The discount of a line is the sum of its discounts
-- why: Each kind of discount has its own account.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'the discount is ' || l.discamount || ', its parts are '
       || l.linedscamount + l.periodicdiscamount + l.totaldiscamount + l.custdiscamount + l.infocodediscamount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    abs(l.discamount - l.linedscamount - l.periodicdiscamount - l.totaldiscamount - l.custdiscamount
           - l.infocodediscamount) > :money_tolerance
