-- id: AP02
-- title: vendor balances per account and currency
-- kind: conservation
-- key: dataareaid, accountnum, currencycode
-- compare: cur :money_tolerance, mst :money_tolerance, openmst :money_tolerance, n exact
-- area: payables
-- why: every vendor owes, or is owed, the same the morning after
select dataareaid, accountnum, currencycode, sum(amountcur) as cur, sum(amountmst) as mst,
       sum(amountmst + exchadjustment - settleamountmst) as openmst, count(*) as n
from   vendtrans
group  by dataareaid, accountnum, currencycode
