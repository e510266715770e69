-- id: CLN11
-- catalogue: 7080
-- section: cleanup
-- severity: advice
-- title: absence journals that were never transferred
-- why: empty journals are carried over for nothing
-- fix: Human resources > Periodic > Absence > Delete absence journals
-- tables: hrmabsencetable.status
select 'hrmabsencetable' as subject, x.n || ' of ' || x.total || ' rows: not transferred' as detail,
       (pg_total_relation_size('hrmabsencetable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.status in (0, 1)) as n from hrmabsencetable t) x
where  x.n > 0 and pg_total_relation_size('hrmabsencetable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
