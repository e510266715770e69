-- id: CLN19
-- catalogue: 7170
-- section: cleanup
-- severity: advice
-- title: statistics of order entry
-- why: only companies in Sweden use them
-- fix: Sales and marketing > Periodic > Clean up > Order entry statistics clean up
-- tables: salesorderentrystatistics
select 'salesorderentrystatistics' as subject, x.n || ' of ' || x.total || ' rows: kept' as detail,
       (pg_total_relation_size('salesorderentrystatistics'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where true) as n from salesorderentrystatistics t) x
where  x.n > 0 and pg_total_relation_size('salesorderentrystatistics'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
