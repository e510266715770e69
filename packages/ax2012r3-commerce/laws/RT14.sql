-- id: RT14
-- title: payments per store, tender and currency
-- kind: conservation
-- key: dataareaid, store, tendertype, currency, transactionstatus
-- compare: n exact, amount :money_tolerance, cur :money_tolerance
-- area: retail
-- why: the cash in the safe and the claims on the card companies
select dataareaid, store, tendertype, currency, transactionstatus, count(*) as n, sum(amounttendered) as amount, sum(amountcur) as cur
from   retailtransactionpaymenttrans
group  by dataareaid, store, tendertype, currency, transactionstatus
