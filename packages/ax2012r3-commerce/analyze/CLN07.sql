-- id: CLN07
-- catalogue: 7040
-- section: cleanup
-- severity: advice
-- title: batch jobs that have ended
-- why: they are only shown in lists
-- fix: run the script, or delete ended jobs in Home > Inquiries > Batch jobs > My batch jobs
-- tables: batchjob.status, batch.batchjobid, batchjobalerts.batchjobid
select 'batchjob' as subject, x.n || ' of ' || x.total || ' rows: of ended jobs' as detail,
       (pg_total_relation_size('batchjob'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.status = 4) as n from batchjob t) x
where  x.n > 0 and pg_total_relation_size('batchjob'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'batch' as subject, x.n || ' of ' || x.total || ' rows: of ended jobs' as detail,
       (pg_total_relation_size('batch'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from batchjob j where j.recid = t.batchjobid and j.status = 4)) as n from batch t) x
where  x.n > 0 and pg_total_relation_size('batch'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'batchjobalerts' as subject, x.n || ' of ' || x.total || ' rows: of ended jobs' as detail,
       (pg_total_relation_size('batchjobalerts'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from batchjob j where j.recid = t.batchjobid and j.status = 4)) as n from batchjobalerts t) x
where  x.n > 0 and pg_total_relation_size('batchjobalerts'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from batchjobalerts
where  ctid = any (array(select t.ctid from batchjobalerts t where exists (select from batchjob j where j.recid = t.batchjobid and j.status = 4) limit :chunk));
delete from batch
where  ctid = any (array(select t.ctid from batch t where exists (select from batchjob j where j.recid = t.batchjobid and j.status = 4) limit :chunk));
delete from batchjob
where  ctid = any (array(select t.ctid from batchjob t where t.status = 4 limit :chunk));
