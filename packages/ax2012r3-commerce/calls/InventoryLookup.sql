-- title: where an item is in stock
-- why: all warehouses of the company, the own one first
-- effect: read
-- parameter: itemId str 20
-- parameter: variantId str 20 optional
-- returns: rows
-- payload: itemId, inventLocationId, name, available
-- error: InvalidChannel: the channel or store is not the one that calls
select i.itemid, d.inventlocationid, coalesce(l.name, ''), sum(i.availphysical)::numeric(32,6)::text
from   hq_call.shop(:store) s
join   hq.inventsum i on i.dataareaid = s.company and i.itemid = :itemId and i.closed = 0
join   hq.inventdim d on d.dataareaid = i.dataareaid and d.inventdimid = i.inventdimid
left   join hq.inventlocation l on l.dataareaid = d.dataareaid and l.inventlocationid = d.inventlocationid
where  d.inventlocationid <> ''
and    (coalesce(:variantId, '') = '' or i.inventdimid in (select v.inventdimid from hq.inventdimcombination v where v.dataareaid = i.dataareaid and v.itemid = i.itemid and v.retailvariantid = :variantId))
group  by i.itemid, d.inventlocationid, l.name, s.warehouse
order  by d.inventlocationid <> s.warehouse, d.inventlocationid
