-- id: CLN16
-- catalogue: 7140
-- section: cleanup
-- severity: advice
-- title: production orders that ended long ago
-- why: they are closed in every respect
-- fix: Production control > Periodic > Clean up > Production orders cleanup
-- threshold: production_age_days 365
-- tables: prodtable.prodstatus, prodtable.realdate, prodbom.prodid, prodroute.prodid, prodroutejob.prodid, wrkctrcapres.refid, wrkctrcapres.reftype, prodcalctrans.transrefid, prodcalctrans.transreftype
select 'prodtable' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('prodtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.prodstatus = 7 and t.realdate < current_date - :'production_age_days'::int) as n from prodtable t) x
where  x.n > 0 and pg_total_relation_size('prodtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodbom' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('prodbom'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.prodid and p.prodstatus = 7 and p.realdate < current_date - :'production_age_days'::int)) as n from prodbom t) x
where  x.n > 0 and pg_total_relation_size('prodbom'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodroute' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('prodroute'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.prodid and p.prodstatus = 7 and p.realdate < current_date - :'production_age_days'::int)) as n from prodroute t) x
where  x.n > 0 and pg_total_relation_size('prodroute'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodroutejob' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('prodroutejob'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.prodid and p.prodstatus = 7 and p.realdate < current_date - :'production_age_days'::int)) as n from prodroutejob t) x
where  x.n > 0 and pg_total_relation_size('prodroutejob'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'wrkctrcapres' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('wrkctrcapres'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.reftype = 1 and exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.refid and p.prodstatus = 7 and p.realdate < current_date - :'production_age_days'::int)) as n from wrkctrcapres t) x
where  x.n > 0 and pg_total_relation_size('wrkctrcapres'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodcalctrans' as subject, x.n || ' of ' || x.total || ' rows: of orders that ended before the limit' as detail,
       (pg_total_relation_size('prodcalctrans'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.transreftype = 0 and exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.transrefid and p.prodstatus = 7 and p.realdate < current_date - :'production_age_days'::int)) as n from prodcalctrans t) x
where  x.n > 0 and pg_total_relation_size('prodcalctrans'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
