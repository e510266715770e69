-- id: INV01
-- catalogue: 4010
-- section: advice
-- severity: advice
-- title: long inventory closings
-- why: version N closes inventory in parallel
-- fix: measure a closing in the first rehearsal
-- threshold: closing_days 90
-- threshold: closing_seconds 3600
-- tables: inventclosing.start_, inventclosing.end_, inventclosing.executed
select c.dataareaid::text as subject, 'up to ' || round(max(c.end_ - c.start_) / 60.0) || ' minutes in the last ' || :'closing_days' || ' days' as detail, 0::bigint as bytes
from   inventclosing c
where  c.executed >= current_date - :'closing_days'::int
group  by c.dataareaid
having max(c.end_ - c.start_) > :'closing_seconds'::int
order  by 1
