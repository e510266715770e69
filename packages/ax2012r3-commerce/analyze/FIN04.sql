-- id: FIN04
-- catalogue: 5030
-- section: advice
-- severity: advice
-- title: project accounting
-- why: project operations may be what you want instead
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: projtransposting.projtransdate
select 'projtransposting' as subject, count(*) || ' transactions in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   projtransposting t
where  t.projtransdate >= current_date - :'volume_days'::int
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
