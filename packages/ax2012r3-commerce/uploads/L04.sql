-- title: The item and its variant exist
-- why: There is no stock of anything else. A gift card that is sold is no item.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'line ' || trim_scale(l.linenum) || ': ' || 'there is no item ' || l.itemid || case when l.variantid = '' then '' else ' with the variant ' || l.variantid end as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailtransactionsalestrans l on l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal
       and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6) and l.transactionstatus = 0 and l.giftcard = 0
and    (not exists (select from hq.inventtable i where i.dataareaid = l.dataareaid and i.itemid = l.itemid)
        or (l.variantid <> ''
            and not exists (select from hq.inventdimcombination v where v.dataareaid = l.dataareaid
                            and v.itemid = l.itemid and v.retailvariantid = l.variantid)))
