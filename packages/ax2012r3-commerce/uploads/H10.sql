-- title: The payment is the sum of the payments
-- why: Payments are posted by method of payment.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'the payment is ' || t.paymentamount || ', the payments are ' || s.amount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
cross  join lateral (
    select coalesce(sum(l.amounttendered), 0) as amount
    from   hq.retailtransactionpaymenttrans l
    where  l.channel = t.channel and l.store = t.store and l.terminal = t.terminal and l.transactionid = t.transactionid
    and    l.dataareaid = t.dataareaid and l.transactionstatus = 0) s
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    abs(t.paymentamount - s.amount) > :money_tolerance
