-- tolerance: :money_tolerance
-- What headquarters has of the days that stores have sent totals for: sales that were not voided, as on the Z report.
select c.store, c.terminal, c.day,
       count(t.transactionid) as transactions,
       coalesce(sum(t.grossamount), 0) as gross,
       coalesce(sum(t.netamount), 0) as net,
       coalesce(sum(t.paymentamount), 0) as payment
from   counted c
left   join hq.retailtransactiontable t on t.store = c.store and t.terminal = c.terminal and t.businessdate = c.day
       and t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
group  by c.store, c.terminal, c.day
