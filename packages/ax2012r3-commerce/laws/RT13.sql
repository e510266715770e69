-- id: RT13
-- title: items sold per store, item and month
-- kind: conservation
-- key: dataareaid, store, itemid, month
-- compare: n exact, qty 0.0001, net :money_tolerance, tax :money_tolerance, disc :money_tolerance
-- area: retail
-- why: replenishment and assortment are planned from what was sold where
select dataareaid, store, itemid, date_trunc('month', transdate) as month, count(*) as n, sum(qty) as qty, sum(netamount) as net,
       sum(taxamount) as tax, sum(discamount) as disc
from   retailtransactionsalestrans
where  transactionstatus <> 1
group  by dataareaid, store, itemid, date_trunc('month', transdate)
