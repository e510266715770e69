-- title: An item with serial numbers has one
-- why: Without it the stock does not know which piece is gone.
-- Whether serial numbers are needed says a dimension group that this package does not carry; items that have a group for
-- numbering them are taken.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'the item ' || l.itemid || ' has no serial number here' as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
join   hq.inventtable i on i.dataareaid = l.dataareaid and i.itemid = l.itemid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    i.serialnumgroupid <> '' and l.inventserialid = ''
