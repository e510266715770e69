-- title: the numbers that a terminal has used
-- also: GetNumberSequenceSeedData
-- why: a new till goes on behind them; kinds: 1 receipts, 2 shifts, 3 transactions (the digits at the end of the number)
-- effect: read
-- parameter: terminalId str 10
-- returns: rows
-- payload: kind, lastNumber
-- error: InvalidChannel: the channel or store is not the one that calls
select x.kind, coalesce(max(substring(x.number from '([0-9]{1,18})$')::bigint), 0)
from   hq_call.shop(:store) s
cross  join lateral (select k.kind, k.number
                     from   hq.retailtransactiontable t
                     cross  join lateral (values (1, t.receiptid), (3, t.transactionid)) k(kind, number)
                     where  t.channel = s.channel and t.store = :store and t.terminal = :terminalId
                     union  all
                     select 2, b.batchid::text
                     from   hq.retailposbatchtable b
                     where  b.storeid = :store and b.terminalid = :terminalId
                     union  all
                     select n, '0' from generate_series(1, 3) n) x
group  by x.kind
order  by x.kind
