-- id: CLN20
-- catalogue: 7180
-- section: cleanup
-- severity: advice
-- title: update history of sales orders
-- why: what was chosen when an order was confirmed, received or invoiced is not needed once that is done
-- fix: run the script, or Sales and marketing > Periodic > Clean up > Sales update history cleanup
-- tables: salesparmtable.parmjobstatus, salesparmline.parmid, salesparmsubtable.parmid, salesparmupdate.parmid
select 'salesparmtable' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('salesparmtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.parmjobstatus = 0) as n from salesparmtable t) x
where  x.n > 0 and pg_total_relation_size('salesparmtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'salesparmline' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('salesparmline'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from salesparmline t) x
where  x.n > 0 and pg_total_relation_size('salesparmline'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'salesparmsubtable' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('salesparmsubtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from salesparmsubtable t) x
where  x.n > 0 and pg_total_relation_size('salesparmsubtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'salesparmupdate' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('salesparmupdate'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from salesparmupdate t) x
where  x.n > 0 and pg_total_relation_size('salesparmupdate'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from salesparmline
where  ctid = any (array(select t.ctid from salesparmline t where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from salesparmsubtable
where  ctid = any (array(select t.ctid from salesparmsubtable t where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from salesparmupdate
where  ctid = any (array(select t.ctid from salesparmupdate t where exists (select from salesparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from salesparmtable
where  ctid = any (array(select t.ctid from salesparmtable t where t.parmjobstatus = 0 limit :chunk));
