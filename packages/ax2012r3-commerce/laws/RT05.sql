-- id: RT05
-- title: no sales line, payment, tax or discount without its header
-- kind: invariant
-- key: what, dataareaid, channel, store, terminal, transactionid
-- area: retail
-- why: a torn upload: the header is missing and with it the sale
select distinct x.what, x.dataareaid, x.channel, x.store, x.terminal, x.transactionid
from   (select 'line' as what, r.dataareaid, r.channel, r.store as store, r.terminalid as terminal, r.transactionid
        from   retailtransactionsalestrans r
        left   join retailtransactiontable h
               on h.channel = r.channel and h.store = r.store and h.terminal = r.terminalid and h.transactionid = r.transactionid and h.dataareaid = r.dataareaid
        where  h.transactionid is null
        union  all
        select 'payment' as what, r.dataareaid, r.channel, r.store as store, r.terminal as terminal, r.transactionid
        from   retailtransactionpaymenttrans r
        left   join retailtransactiontable h
               on h.channel = r.channel and h.store = r.store and h.terminal = r.terminal and h.transactionid = r.transactionid and h.dataareaid = r.dataareaid
        where  h.transactionid is null
        union  all
        select 'tax' as what, r.dataareaid, r.channel, r.storeid as store, r.terminalid as terminal, r.transactionid
        from   retailtransactiontaxtrans r
        left   join retailtransactiontable h
               on h.channel = r.channel and h.store = r.storeid and h.terminal = r.terminalid and h.transactionid = r.transactionid and h.dataareaid = r.dataareaid
        where  h.transactionid is null
        union  all
        select 'discount' as what, r.dataareaid, r.channel, r.storeid as store, r.terminalid as terminal, r.transactionid
        from   retailtransactiondiscounttrans r
        left   join retailtransactiontable h
               on h.channel = r.channel and h.store = r.storeid and h.terminal = r.terminalid and h.transactionid = r.transactionid and h.dataareaid = r.dataareaid
        where  h.transactionid is null) x
