-- id: DUP01
-- section: data
-- severity: warning
-- title: more than one row of resource parameters
-- why: the table has one row for each company; the key of version N refuses the second
-- fix: keep the row that is in use and delete the others
-- tables: resourcesetup
select 'resourcesetup' as subject, count(*) || ' rows for company ' || coalesce(to_jsonb(t) ->> 'dataareaid', '(all)') as detail, 0::bigint as bytes, count(*) as rows
from   resourcesetup t
group  by to_jsonb(t) ->> 'dataareaid', to_jsonb(t) ->> 'partition'
having count(*) > 1
