-- id: ICO01
-- catalogue: 4040
-- section: advice
-- severity: advice
-- title: intercompany trade
-- why: much of it works differently in version N
-- fix: walk through an intercompany order in the first rehearsal
-- tables: intercompanytradingrelation.active
select 'intercompanytradingrelation' as subject, count(*) || ' active relations' as detail, 0::bigint as bytes, count(*) as rows
from   intercompanytradingrelation
where  active = 1
having count(*) > 0
