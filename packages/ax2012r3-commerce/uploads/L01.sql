-- title: The barcode is one of the item
-- why: The wrong item would leave the stock.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'the barcode ' || l.barcode || ' is not one of the item ' || l.itemid as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0
and    l.barcode <> ''
and    not exists (select from hq.inventitembarcode b where b.dataareaid = l.dataareaid and b.itembarcode = l.barcode
                   and b.itemid = l.itemid)
