-- id: CLN15
-- catalogue: 7130
-- section: cleanup
-- severity: advice
-- title: journals of ended production orders
-- why: the orders have ended; where the orders themselves are deleted their journals go with them
-- fix: Production control > Periodic > Clean up > Production journals cleanup
-- tables: prodtable.prodstatus, prodjournaltable.posted, prodjournalbom.journalid, prodjournalprod.journalid, prodjournalroute.journalid
select 'prodjournaltable' as subject, x.n || ' of ' || x.total || ' rows: of ended orders' as detail,
       (pg_total_relation_size('prodjournaltable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.posted = 1 and exists (select from prodtable p where p.dataareaid = t.dataareaid and p.prodid = t.prodid and p.prodstatus = 7)) as n from prodjournaltable t) x
where  x.n > 0 and pg_total_relation_size('prodjournaltable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodjournalbom' as subject, x.n || ' of ' || x.total || ' rows: of ended orders' as detail,
       (pg_total_relation_size('prodjournalbom'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodjournaltable j join prodtable p on p.dataareaid = j.dataareaid and p.prodid = j.prodid where j.journalid = t.journalid and j.dataareaid = t.dataareaid and j.posted = 1 and p.prodstatus = 7)) as n from prodjournalbom t) x
where  x.n > 0 and pg_total_relation_size('prodjournalbom'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodjournalprod' as subject, x.n || ' of ' || x.total || ' rows: of ended orders' as detail,
       (pg_total_relation_size('prodjournalprod'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodjournaltable j join prodtable p on p.dataareaid = j.dataareaid and p.prodid = j.prodid where j.journalid = t.journalid and j.dataareaid = t.dataareaid and j.posted = 1 and p.prodstatus = 7)) as n from prodjournalprod t) x
where  x.n > 0 and pg_total_relation_size('prodjournalprod'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'prodjournalroute' as subject, x.n || ' of ' || x.total || ' rows: of ended orders' as detail,
       (pg_total_relation_size('prodjournalroute'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from prodjournaltable j join prodtable p on p.dataareaid = j.dataareaid and p.prodid = j.prodid where j.journalid = t.journalid and j.dataareaid = t.dataareaid and j.posted = 1 and p.prodstatus = 7)) as n from prodjournalroute t) x
where  x.n > 0 and pg_total_relation_size('prodjournalroute'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
