-- id: CLN12
-- catalogue: 7090
-- section: cleanup
-- severity: advice
-- title: posted project journals
-- why: their transactions are posted; the journals are not needed any more
-- fix: Project management and accounting > Periodic > Journals > Delete project journals
-- tables: projjournaltable.posted, projjournaltrans.journalid, projbegbaljournaltrans_costsales.journalid, projbegbaljournaltrans_fee.journalid, projbegbaljournaltrans_onacc.journalid
select 'projjournaltable' as subject, x.n || ' of ' || x.total || ' rows: of posted journals' as detail,
       (pg_total_relation_size('projjournaltable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.posted = 1) as n from projjournaltable t) x
where  x.n > 0 and pg_total_relation_size('projjournaltable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'projjournaltrans' as subject, x.n || ' of ' || x.total || ' rows: of posted journals' as detail,
       (pg_total_relation_size('projjournaltrans'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from projjournaltable j where j.journalid = t.journalid and j.posted = 1)) as n from projjournaltrans t) x
where  x.n > 0 and pg_total_relation_size('projjournaltrans'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'projbegbaljournaltrans_costsales' as subject, x.n || ' of ' || x.total || ' rows: of posted journals' as detail,
       (pg_total_relation_size('projbegbaljournaltrans_costsales'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from projjournaltable j where j.journalid = t.journalid and j.posted = 1)) as n from projbegbaljournaltrans_costsales t) x
where  x.n > 0 and pg_total_relation_size('projbegbaljournaltrans_costsales'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'projbegbaljournaltrans_fee' as subject, x.n || ' of ' || x.total || ' rows: of posted journals' as detail,
       (pg_total_relation_size('projbegbaljournaltrans_fee'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from projjournaltable j where j.journalid = t.journalid and j.posted = 1)) as n from projbegbaljournaltrans_fee t) x
where  x.n > 0 and pg_total_relation_size('projbegbaljournaltrans_fee'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'projbegbaljournaltrans_onacc' as subject, x.n || ' of ' || x.total || ' rows: of posted journals' as detail,
       (pg_total_relation_size('projbegbaljournaltrans_onacc'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from projjournaltable j where j.journalid = t.journalid and j.posted = 1)) as n from projbegbaljournaltrans_onacc t) x
where  x.n > 0 and pg_total_relation_size('projbegbaljournaltrans_onacc'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
