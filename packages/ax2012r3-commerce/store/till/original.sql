-- A line that was sold and has not come back yet, from a random place on. Gift cards do not come back: they may have been used.
select l.TRANSACTIONID as original_id, l.STORE as original_store, l.TERMINALID as original_terminal, l.LINENUM as original_line,
       l.RECEIPTID as original_receipt, l.ITEMID as item, -cast(l.QTY as integer) as quantity, cents(l.PRICE) as price,
       -cents(l.NETAMOUNT) as net, -cents(l.TAXAMOUNT) as tax, l.UNIT as unit, l.TAXITEMGROUP as item_tax_group, l.BARCODE as barcode,
       coalesce((select x.TAXCODE from RETAILTRANSACTIONTAXTRANS x
                 where  x.TERMINALID = l.TERMINALID and x.STOREID = l.STORE and x.TRANSACTIONID = l.TRANSACTIONID
                 and    x.SALELINENUM = l.LINENUM limit 1), '') as tax_code
from   RETAILTRANSACTIONSALESTRANS l
where  l.rowid >= 1 + :pick % (select max(rowid) from RETAILTRANSACTIONSALESTRANS)
and    cast(l.QTY as integer) < 0 and l.TRANSACTIONSTATUS = 0 and l.GIFTCARD = 0
and    not exists (select 1 from RETAILTRANSACTIONSALESTRANS r
                   where  r.RETURNTRANSACTIONID = l.TRANSACTIONID and r.RETURNLINENUM = l.LINENUM)
order  by l.rowid
limit  1
