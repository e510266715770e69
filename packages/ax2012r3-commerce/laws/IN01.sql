-- id: IN01
-- title: on-hand buckets equal the stock transactions by status
-- kind: invariant
-- key: dataareaid, itemid, inventdimid, bucket
-- area: inventory
-- why: a store sells what on-hand shows; only the transactions know what is really there
select dataareaid, itemid, inventdimid, b.bucket, coalesce(b.t, 0) as t, coalesce(b.s, 0) as s
from   (select dataareaid, itemid, inventdimid,
               sum(qty) filter (where statusreceipt = 1 or statusissue = 1) as posted,
               sum(qty) filter (where statusreceipt = 2) as received,
               sum(qty) filter (where statusreceipt = 3) as registered,
               sum(qty) filter (where statusreceipt = 4) as arrived,
               sum(qty) filter (where statusreceipt = 5) as ordered,
               sum(qty) filter (where statusreceipt = 6) as quotationreceipt,
               -sum(qty) filter (where statusissue = 2) as deducted,
               -sum(qty) filter (where statusissue = 3) as picked,
               -sum(qty) filter (where statusissue = 4) as reservphysical,
               -sum(qty) filter (where statusissue = 5) as reservordered,
               -sum(qty) filter (where statusissue = 6) as onorder,
               -sum(qty) filter (where statusissue = 7) as quotationissue
        from   inventtrans
        group  by dataareaid, itemid, inventdimid) t
full   join inventsum s using (dataareaid, itemid, inventdimid)
cross  join lateral (values ('POSTEDQTY', t.posted, s.postedqty), ('RECEIVED', t.received, s.received),
                            ('REGISTERED', t.registered, s.registered), ('ARRIVED', t.arrived, s.arrived),
                            ('ORDERED', t.ordered, s.ordered), ('QUOTATIONRECEIPT', t.quotationreceipt, s.quotationreceipt),
                            ('DEDUCTED', t.deducted, s.deducted), ('PICKED', t.picked, s.picked),
                            ('RESERVPHYSICAL', t.reservphysical, s.reservphysical), ('RESERVORDERED', t.reservordered, s.reservordered),
                            ('ONORDER', t.onorder, s.onorder), ('QUOTATIONISSUE', t.quotationissue, s.quotationissue)) b(bucket, t, s)
where  abs(coalesce(b.t, 0) - coalesce(b.s, 0)) > 0.000001
