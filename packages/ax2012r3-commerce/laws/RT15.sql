-- id: RT15
-- title: sales tax per store and code
-- kind: conservation
-- key: dataareaid, storeid, taxcode
-- compare: n exact, amount :money_tolerance
-- area: retail
-- why: the tax return is made from it
select dataareaid, storeid, taxcode, count(*) as n, sum(amount) as amount
from   retailtransactiontaxtrans
group  by dataareaid, storeid, taxcode
