-- title: transactions that have not arrived
-- fix: Run the upload job P-0001 of the store once more; if they stay away, look into the database of the store.
-- A shift that is closed says how many transactions it has.
select b.storeid as store,
       'terminal ' || b.terminalid || ', shift ' || b.batchid || ': ' || n.n || ' of ' || b.transactionscount || ' transactions are here' as what
from old.retailposbatchtable b
cross join lateral (
    select count(*) as n
    from old.retailtransactiontable t
    where t.store = b.storeid and t.batchterminalid = b.terminalid and t.batchid = b.batchid
) n
where b.status = 3 and n.n < b.transactionscount
order by 1, 2
