-- id: IN02
-- title: financial and physical value on hand equal the stock transactions
-- kind: invariant
-- key: dataareaid, itemid, inventdimid
-- area: inventory
-- why: stock value on hand is what the balance sheet shows
select dataareaid, itemid, inventdimid, coalesce(t.posted, 0) as posted_t, coalesce(s.postedvalue, 0) as posted_s,
       coalesce(t.physical, 0) as physical_t, coalesce(s.physicalvalue, 0) as physical_s
from   (select dataareaid, itemid, inventdimid,
               sum(costamountposted + costamountadjustment) filter (where statusreceipt = 1 or statusissue = 1) as posted,
               sum(costamountphysical) filter (where statusreceipt = 2 or statusissue = 2) as physical
        from   inventtrans
        group  by dataareaid, itemid, inventdimid) t
full   join inventsum s using (dataareaid, itemid, inventdimid)
where  abs(coalesce(t.posted, 0) - coalesce(s.postedvalue, 0)) > :'money_tolerance'
or     abs(coalesce(t.physical, 0) - coalesce(s.physicalvalue, 0)) > :'money_tolerance'
