-- id: IN13
-- title: on-hand totals per company, item, site and warehouse
-- kind: conservation
-- key: dataareaid, itemid, inventsiteid, inventlocationid
-- compare: postedqty 0.0001, physicalinvent 0.0001, availphysical 0.0001, ordered 0.0001, onorder 0.0001, postedvalue :money_tolerance, physicalvalue :money_tolerance
-- area: inventory
-- why: merging dimension rows adds on-hand rows together and may not lose one
select s.dataareaid, s.itemid, d.inventsiteid, d.inventlocationid,
       sum(s.postedqty) as postedqty, sum(s.physicalinvent) as physicalinvent, sum(s.availphysical) as availphysical,
       sum(s.ordered) as ordered, sum(s.onorder) as onorder, sum(s.postedvalue) as postedvalue, sum(s.physicalvalue) as physicalvalue
from   inventsum s
join   inventdim d on d.dataareaid = s.dataareaid and d.inventdimid = s.inventdimid
group  by s.dataareaid, s.itemid, d.inventsiteid, d.inventlocationid
