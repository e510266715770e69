-- title: a credit memo that can be paid out
-- why: locks nothing
-- effect: read
-- parameter: creditMemoId str 30
-- returns: row
-- payload: currencyCode, amount
-- none: CreditMemoUnknown: there is no such credit memo, or it has been paid out
-- error: InvalidChannel: the channel or store is not the one that calls
select v.currencycode, v.amount::text
from   hq_call.shop(:store) s
join   hq.retailcreditvouchertable v on v.dataareaid = s.company and v.entryid = :creditMemoId
where  v.applied = 0 and v.voided = 0
