-- id: RT05
-- title: no sales line, payment, tax or discount without its header
-- kind: invariant
-- key: what, dataareaid, channel, store, terminal, transactionid
-- area: retail
-- why: a torn upload: the header is missing and with it the sale
select r.what, r.dataareaid, r.channel, r.store, r.terminal, r.transactionid
from   (select 'line' as what, dataareaid, channel, store, terminalid as terminal, transactionid from retailtransactionsalestrans
        union
        select 'payment', dataareaid, channel, store, terminal, transactionid from retailtransactionpaymenttrans
        union
        select 'tax', dataareaid, channel, storeid, terminalid, transactionid from retailtransactiontaxtrans
        union
        select 'discount', dataareaid, channel, storeid, terminalid, transactionid from retailtransactiondiscounttrans) r
left   join retailtransactiontable h
       on h.channel = r.channel and h.store = r.store and h.terminal = r.terminal
       and h.transactionid = r.transactionid and h.dataareaid = r.dataareaid
where  h.transactionid is null
