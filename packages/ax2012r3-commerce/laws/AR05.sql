-- id: AR05
-- title: open customer lines per company, account and due date
-- kind: conservation
-- key: dataareaid, accountnum, duedate
-- compare: n exact, cur :money_tolerance, mst :money_tolerance
-- area: receivables
-- why: aging and dunning are computed from the due dates of the open lines
select dataareaid, accountnum, duedate, count(*) as n, sum(amountcur) as cur, sum(amountmst) as mst
from   custtransopen
group  by dataareaid, accountnum, duedate
