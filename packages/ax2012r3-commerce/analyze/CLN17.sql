-- id: CLN17
-- catalogue: 7150
-- section: cleanup
-- severity: advice
-- title: update history of purchase orders
-- why: what was chosen when an order was confirmed, received or invoiced is not needed once that is done
-- fix: run the script, or Procurement and sourcing > Periodic > Clean up > Purchase update history cleanup
-- tables: purchparmtable.parmjobstatus, purchparmline.parmid, purchparmsubtable.parmid, purchparmupdate.parmid
select 'purchparmtable' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('purchparmtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.parmjobstatus = 0) as n from purchparmtable t) x
where  x.n > 0 and pg_total_relation_size('purchparmtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'purchparmline' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('purchparmline'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from purchparmline t) x
where  x.n > 0 and pg_total_relation_size('purchparmline'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'purchparmsubtable' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('purchparmsubtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from purchparmsubtable t) x
where  x.n > 0 and pg_total_relation_size('purchparmsubtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'purchparmupdate' as subject, x.n || ' of ' || x.total || ' rows: of executed updates' as detail,
       (pg_total_relation_size('purchparmupdate'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0)) as n from purchparmupdate t) x
where  x.n > 0 and pg_total_relation_size('purchparmupdate'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from purchparmline
where  ctid = any (array(select t.ctid from purchparmline t where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from purchparmsubtable
where  ctid = any (array(select t.ctid from purchparmsubtable t where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from purchparmupdate
where  ctid = any (array(select t.ctid from purchparmupdate t where exists (select from purchparmtable p where p.dataareaid = t.dataareaid and p.parmid = t.parmid and p.parmjobstatus = 0) limit :chunk));
delete from purchparmtable
where  ctid = any (array(select t.ctid from purchparmtable t where t.parmjobstatus = 0 limit :chunk));
