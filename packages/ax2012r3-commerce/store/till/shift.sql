-- The open shift of this terminal; no row when there is none.
select s.BATCHID as shift, s.STARTDATE as shift_day,
       (select count(*) from RETAILTRANSACTIONTABLE t
        where  t.BATCHTERMINALID = s.TERMINALID and t.BATCHID = s.BATCHID) as shift_transactions
from   RETAILSHIFTSTAGINGTABLE s
where  s.STOREID = :store and s.TERMINALID = :terminal
