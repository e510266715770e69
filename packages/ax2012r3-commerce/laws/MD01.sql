-- id: MD01
-- title: item prices per company and module
-- kind: conservation
-- key: dataareaid, moduletype
-- compare: n exact, price 0.01, qty 0.01
-- area: master data
-- why: a price that is lost or rounded away is found by the first customer
select dataareaid, moduletype, count(*) as n, sum(price) as price, sum(priceqty) as qty
from   inventtablemodule
group  by dataareaid, moduletype
