-- id: CLN08
-- catalogue: 7050
-- section: cleanup
-- severity: advice
-- title: calculations of bills of materials
-- why: once an item has its price an old calculation is only history
-- fix: run the script
-- threshold: bomcalc_age_days 183
-- tables: bomcalctrans.transdate, bomcalctable.transdate
select 'bomcalctrans' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('bomcalctrans'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.transdate < current_date - :'bomcalc_age_days'::int) as n from bomcalctrans t) x
where  x.n > 0 and pg_total_relation_size('bomcalctrans'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'bomcalctable' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('bomcalctable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.transdate < current_date - :'bomcalc_age_days'::int) as n from bomcalctable t) x
where  x.n > 0 and pg_total_relation_size('bomcalctable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from bomcalctrans
where  ctid = any (array(select t.ctid from bomcalctrans t where t.transdate < current_date - :'bomcalc_age_days'::int limit :chunk));
delete from bomcalctable
where  ctid = any (array(select t.ctid from bomcalctable t where t.transdate < current_date - :'bomcalc_age_days'::int limit :chunk));
