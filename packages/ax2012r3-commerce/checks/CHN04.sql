-- id: CHN04
-- severity: blocker
-- title: every store has ways to pay
-- why: without one no transaction can be ended
-- fix: set up the payment methods of the store
select s.storenumber, 'it has none'
from   hq.retailstoretable s
where  not exists (select from hq.retailstoretendertypetable t where t.channel = s.recid)
order  by 1
