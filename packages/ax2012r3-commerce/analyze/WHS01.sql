-- id: WHS01
-- catalogue: 4020
-- section: advice
-- severity: advice
-- title: advanced warehouse management
-- why: version N keeps transactions of the warehouse apart from those of stock
-- fix: plan the set-up of warehouse-specific transactions
-- tables: inventlocation.whsenabled
select i.dataareaid::text as subject, count(*) || ' warehouses: ' || string_agg(i.inventlocationid, ', ' order by i.inventlocationid) as detail, 0::bigint as bytes
from   inventlocation i
where  i.whsenabled = 1
group  by i.dataareaid
order  by 1
