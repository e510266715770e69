-- id: RT09
-- title: gift card balances
-- kind: conservation
-- key: dataareaid, cardnumber
-- compare: balance :money_tolerance, n exact
-- area: retail
-- why: the balance of a gift card is the sum of its transactions: money that belongs to customers
select dataareaid, cardnumber, sum(amount) as balance, count(*) as n
from   retailgiftcardtransactions
group  by dataareaid, cardnumber
