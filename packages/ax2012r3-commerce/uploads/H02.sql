-- title: Amounts have no more decimals than the currency
-- why: What is rounded on the receipt has to be rounded in the books.
-- The rounding of each currency is in a table that this package does not carry: two decimals are taken for all of them.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'gross ' || t.grossamount || ', net ' || t.netamount || ', payment ' || t.paymentamount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    (t.grossamount <> round(t.grossamount, 2) or t.netamount <> round(t.netamount, 2)
        or t.paymentamount <> round(t.paymentamount, 2))
