-- id: RT02
-- title: payments equal the header, and sale plus payment the recorded difference
-- kind: invariant
-- key: dataareaid, channel, store, terminal, transactionid
-- area: retail
-- why: what was sold was paid; only rounding may lie between
select h.dataareaid, h.channel, h.store, h.terminal, h.transactionid, h.paymentamount, p.pay, h.grossamount, h.salespaymentdifference
from   retailtransactiontable h
join   (select channel, store, terminal, transactionid, dataareaid, sum(amounttendered) as pay
        from   retailtransactionpaymenttrans
        where  transactionstatus <> 1
        group  by channel, store, terminal, transactionid, dataareaid) p
       on p.channel = h.channel and p.store = h.store and p.terminal = h.terminal
       and p.transactionid = h.transactionid and p.dataareaid = h.dataareaid
where  h.type = 2 and h.entrystatus in (0, 2)
and    (abs(h.paymentamount - p.pay) > 0.01 or abs(abs(h.grossamount + h.paymentamount) - abs(h.salespaymentdifference)) > 0.01)
