-- id: AR04
-- title: customer balances per account and currency
-- kind: conservation
-- key: dataareaid, accountnum, currencycode
-- compare: cur :money_tolerance, mst :money_tolerance, openmst :money_tolerance, n exact
-- area: receivables
-- why: every customer owes, or is owed, the same the morning after
select dataareaid, accountnum, currencycode, sum(amountcur) as cur, sum(amountmst) as mst,
       sum(amountmst + exchadjustment - settleamountmst) as openmst, count(*) as n
from   custtrans
group  by dataareaid, accountnum, currencycode
