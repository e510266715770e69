-- The numbers that the registers of a store have used, as far as headquarters knows: version N goes on behind them.
select x.register, x.kind, max(substring(x.number from '([0-9]{1,18})$')::bigint) as last
from   (select t.terminal as register, k.kind, k.number
        from   hq.retailtransactiontable t
        cross  join lateral (values ('receipt', t.receiptid), ('transaction', t.transactionid)) k(kind, number)
        where  t.store = :store
        union  all
        select b.terminalid, 'shift', b.batchid::text
        from   hq.retailposbatchtable b
        where  b.storeid = :store) x
where  x.number ~ '[0-9]{1,18}$'
group  by 1, 2
