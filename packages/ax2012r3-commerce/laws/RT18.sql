-- id: RT18
-- title: workers who can sign in
-- kind: conservation
-- key: employmenttype, blocked
-- compare: n exact
-- area: retail
-- why: a cashier without a row cannot even choose a new password
select employmenttype, blocked, count(*) as n
from   retailstafftable
group  by employmenttype, blocked
