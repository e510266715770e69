-- id: CLN24
-- catalogue: 7230
-- section: cleanup
-- severity: advice
-- title: empty on-hand rows of the warehouse
-- why: rows without quantity slow every question for on-hand stock down
-- fix: Inventory management > Periodic > Clean up > Warehouse management on-hand entries cleanup
-- tables: whsinventreserve.availordered, whsinventreserve.availphysical, whsinventreserve.reservordered, whsinventreserve.reservphysical
select 'whsinventreserve' as subject, x.n || ' of ' || x.total || ' rows: without quantity' as detail,
       (pg_total_relation_size('whsinventreserve'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.availordered = 0 and t.availphysical = 0 and t.reservordered = 0 and t.reservphysical = 0) as n from whsinventreserve t) x
where  x.n > 0 and pg_total_relation_size('whsinventreserve'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
