-- id: CLN25
-- catalogue: 7240
-- section: cleanup
-- severity: advice
-- title: closed on-hand rows of warehouse items
-- why: the warehouse has an empty row for them, too
-- fix: Inventory management > Periodic > Clean up > Warehouse management on-hand entries cleanup
-- tables: inventsum.closed, whsinventreserve.availordered
select 'inventsum' as subject, x.n || ' of ' || x.total || ' rows: closed, and empty in the warehouse' as detail,
       (pg_total_relation_size('inventsum'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.closed = 1 and exists (select from whsinventreserve r where r.partition = t.partition and r.dataareaid = t.dataareaid and r.inventdimid = t.inventdimid and r.availordered = 0 and r.availphysical = 0 and r.reservordered = 0 and r.reservphysical = 0)) as n from inventsum t) x
where  x.n > 0 and pg_total_relation_size('inventsum'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
