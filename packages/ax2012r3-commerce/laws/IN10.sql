-- id: IN10
-- title: stock quantity and value per company, item, site and warehouse
-- kind: conservation
-- key: dataareaid, itemid, inventsiteid, inventlocationid
-- compare: qty 0.0001, value :money_tolerance, n exact
-- area: inventory
-- why: the proof that inventory reconciles: merged dimensions may not move stock between warehouses
select t.dataareaid, t.itemid, d.inventsiteid, d.inventlocationid, sum(t.qty) as qty, sum(t.value) as value, sum(t.n) as n
from   (select dataareaid, itemid, inventdimid, sum(qty) as qty, sum(costamountposted + costamountadjustment) as value, count(*) as n
        from   inventtrans
        where  statusreceipt = 1 or statusissue = 1
        group  by dataareaid, itemid, inventdimid) t
join   inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid
group  by t.dataareaid, t.itemid, d.inventsiteid, d.inventlocationid
