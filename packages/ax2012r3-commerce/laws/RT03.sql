-- id: RT03
-- title: tax of a sales line equals its tax records
-- kind: invariant
-- key: dataareaid, channel, store, terminalid, transactionid, linenum
-- area: retail
-- why: tax is reported from the records and paid by the line
select l.dataareaid, l.channel, l.store, l.terminalid, l.transactionid, l.linenum, l.taxamount, coalesce(x.t, 0) as t
from   retailtransactionsalestrans l
left   join (select channel, storeid, terminalid, transactionid, salelinenum, dataareaid, sum(amount) as t
             from   retailtransactiontaxtrans
             group  by channel, storeid, terminalid, transactionid, salelinenum, dataareaid) x
       on x.channel = l.channel and x.storeid = l.store and x.terminalid = l.terminalid
       and x.transactionid = l.transactionid and x.salelinenum = l.linenum and x.dataareaid = l.dataareaid
where  l.transactionstatus <> 1 and abs(l.taxamount + coalesce(x.t, 0)) > 0.01
