-- id: RT01
-- title: sales header equals its lines
-- kind: invariant
-- key: dataareaid, channel, store, terminal, transactionid
-- area: retail
-- why: the receipt in the hand of the customer is the header, the goods are the lines
select h.dataareaid, h.channel, h.store, h.terminal, h.transactionid, h.grossamount, l.gross, h.netamount, l.net
from   retailtransactiontable h
join   (select channel, store, terminalid, transactionid, dataareaid, sum(netamount + taxamount) as gross, sum(netamount) as net
        from   retailtransactionsalestrans
        where  transactionstatus <> 1
        group  by channel, store, terminalid, transactionid, dataareaid) l
       on l.channel = h.channel and l.store = h.store and l.terminalid = h.terminal
       and l.transactionid = h.transactionid and l.dataareaid = h.dataareaid
where  h.type = 2 and h.entrystatus in (0, 2)
and    (abs(h.netamount - l.net) > 0.01 or abs(h.grossamount - l.gross) > 0.01)
