-- id: RT07
-- title: shift totals equal the transactions of the shift
-- kind: invariant
-- key: dataareaid, channel, storeid, terminalid, batchid
-- area: retail
-- why: the Z report a cashier signed
select b.dataareaid, b.channel, b.storeid, b.terminalid, b.batchid, b.transactionscount, coalesce(t.n, 0) as n,
       b.voidscount, coalesce(t.v, 0) as v, b.nosalecount, coalesce(t.s, 0) as s
from   retailposbatchtable b
left   join (select channel, batchterminalid, batchid, dataareaid, count(*) as n,
                    count(*) filter (where entrystatus = 1) as v, count(*) filter (where type = 9) as s
             from   retailtransactiontable
             group  by channel, batchterminalid, batchid, dataareaid) t
       on t.channel = b.channel and t.batchterminalid = b.terminalid and t.batchid = b.batchid and t.dataareaid = b.dataareaid
where  b.transactionscount <> coalesce(t.n, 0) or b.voidscount <> coalesce(t.v, 0) or b.nosalecount <> coalesce(t.s, 0)
