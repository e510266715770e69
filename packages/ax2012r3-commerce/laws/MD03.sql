-- id: MD03
-- title: price agreements per company, relation and currency
-- kind: conservation
-- key: dataareaid, relation, currency
-- compare: n exact, amount 0.01, percent1 0.01
-- area: master data
-- why: agreed prices are contracts
select dataareaid, relation, currency, count(*) as n, sum(amount) as amount, sum(percent1) as percent1
from   pricedisctable
group  by dataareaid, relation, currency
