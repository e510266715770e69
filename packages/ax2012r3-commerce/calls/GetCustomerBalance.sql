-- title: what a customer owes
-- why: open amounts in the currency of the company
-- effect: read
-- parameter: accountNumber str 20
-- returns: row
-- payload: balance, creditLimit, currencyCode
-- none: CustomerUnknown: there is no such customer in the company of the store
-- error: InvalidChannel: the channel or store is not the one that calls
select coalesce(sum(o.amountmst), 0)::numeric(32,6)::text, c.creditmax::text, c.currency
from   hq_call.shop(:store) s
join   hq.custtable c on c.dataareaid = s.company and c.accountnum = :accountNumber
left   join hq.custtransopen o on o.dataareaid = c.dataareaid and o.accountnum = c.accountnum
group  by c.recid, c.creditmax, c.currency
