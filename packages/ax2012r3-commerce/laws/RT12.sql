-- id: RT12
-- title: sales equal payments per store and day
-- kind: invariant
-- key: dataareaid, store, transdate
-- area: retail
-- why: per day nothing but the recorded rounding may lie between goods and money
select dataareaid, store, transdate, sum(grossamount + paymentamount) as diff, sum(salespaymentdifference) as rounding
from   retailtransactiontable
where  type = 2 and entrystatus in (0, 2)
group  by dataareaid, store, transdate
having abs(sum(grossamount + paymentamount) + sum(salespaymentdifference)) > 0.01
