-- id: MD02
-- title: customers and their credit limits per company and group
-- kind: conservation
-- key: dataareaid, custgroup
-- compare: n exact, creditmax :money_tolerance
-- area: master data
-- why: every customer is there, with the credit that was granted
select dataareaid, custgroup, count(*) as n, sum(creditmax) as creditmax
from   custtable
group  by dataareaid, custgroup
