-- id: RT04
-- title: discount of a sales line equals its parts and its discount records
-- kind: invariant
-- key: dataareaid, channel, store, terminalid, transactionid, linenum
-- area: retail
-- why: a campaign is judged, and a concession paid, by its discount records
select l.dataareaid, l.channel, l.store, l.terminalid, l.transactionid, l.linenum, l.discamount,
       l.linedscamount + l.totaldiscamount + l.periodicdiscamount as parts, coalesce(x.a, 0) as a
from   retailtransactionsalestrans l
left   join (select channel, storeid, terminalid, transactionid, salelinenum, dataareaid, sum(amount) as a
             from   retailtransactiondiscounttrans
             group  by channel, storeid, terminalid, transactionid, salelinenum, dataareaid) x
       on x.channel = l.channel and x.storeid = l.store and x.terminalid = l.terminalid
       and x.transactionid = l.transactionid and x.salelinenum = l.linenum and x.dataareaid = l.dataareaid
where  l.transactionstatus <> 1
and    (abs(l.discamount - (l.linedscamount + l.totaldiscamount + l.periodicdiscamount)) > 0.01
        or abs(l.discamount - coalesce(x.a, 0)) > 0.01)
