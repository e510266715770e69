-- title: finds customers
-- why: by the beginning of the account number, or any part of the name
-- effect: read
-- parameter: keyword str 100
-- parameter: topRows int
-- returns: rows
-- payload: accountNumber, name, customerGroup, currencyCode, blocked, partyRecordId
-- error: InvalidChannel: the channel or store is not the one that calls
select c.accountnum, p.name, c.custgroup, c.currency, c.blocked, c.party
from   hq_call.shop(:store) s
join   hq.custtable c on c.dataareaid = s.company
join   hq.dirpartytable p on p.recid = c.party
where  starts_with(c.accountnum, :keyword) or strpos(lower(p.name), lower(:keyword)) > 0
order  by c.accountnum
limit  least(greatest(:topRows, 0), 250)
