-- id: IN14
-- title: stock transactions per company and status
-- kind: conservation
-- key: dataareaid, statusreceipt, statusissue
-- compare: n exact, qty 0.001, origins exact
-- area: inventory
-- why: open orders, reservations and quotations have no value and are in no balance, but a user misses them first
select dataareaid, statusreceipt, statusissue, count(*) as n, sum(qty) as qty, count(distinct inventtransorigin) as origins
from   inventtrans
group  by dataareaid, statusreceipt, statusissue
