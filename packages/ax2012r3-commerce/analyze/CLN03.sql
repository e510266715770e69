-- id: CLN03
-- catalogue: 7250
-- section: cleanup
-- severity: advice
-- title: closed on-hand rows
-- why: on-hand rows without quantity or open transactions are rebuilt when needed
-- fix: run Inventory management > Periodic > Clean up > On-hand entries cleanup
-- tables: inventsum.closed
select 'inventsum' as subject, x.n || ' of ' || x.total || ' rows: closed and empty' as detail, (pg_total_relation_size('inventsum'::regclass) * x.n / x.total)::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where closed = 1 and postedqty = 0 and physicalinvent = 0 and ordered = 0 and onorder = 0) as n from inventsum) x
where  x.n > 0
