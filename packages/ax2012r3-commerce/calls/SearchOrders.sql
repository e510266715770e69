-- title: finds sales orders
-- why: of the company; what is left out does not count
-- effect: read
-- parameter: salesId str 20 optional
-- parameter: customerAccountNumber str 20 optional
-- parameter: channelReferenceId str 50 optional
-- parameter: startDate date optional
-- parameter: endDate date optional
-- parameter: topRows int
-- returns: rows
-- payload: salesId, salesName, customerId, salesStatus, documentStatus, currencyCode, deliveryDate, createdDate, channelId, email
-- error: InvalidChannel: the channel or store is not the one that calls
select o.salesid, o.salesname, o.custaccount, o.salesstatus, o.documentstatus, o.currencycode, to_char(o.deliverydate, 'YYYY-MM-DD'),
       to_char(o.createddatetime, 'YYYY-MM-DD'), o.retailchanneltable, o.email
from   hq_call.shop(:store) s
join   hq.salestable o on o.dataareaid = s.company
where  o.salesid = coalesce(:salesId, o.salesid)
and    o.custaccount = coalesce(:customerAccountNumber, o.custaccount)
and    o.customerref = coalesce(:channelReferenceId, o.customerref)
and    o.createddatetime >= coalesce(:startDate, date '1900-01-01')
and    o.createddatetime < coalesce(:endDate, date '9999-12-30') + 1
order  by o.createddatetime desc, o.salesid
limit  least(greatest(:topRows, 0), 250)
