-- What the journal of the tills must say: every transaction, and every shift that is closed, as the customer sees it.
select TRANSACTIONID as id, TERMINAL as terminal, BUSINESSDATE as day, -cents(GROSSAMOUNT) as gross, cents(PAYMENTAMOUNT) as paid
from   RETAILTRANSACTIONTABLE
union  all
select STOREID || '-' || TERMINALID || '-shift-' || BATCHID, TERMINALID, CLOSEDATE, 0, 0
from   RETAILPOSBATCHTABLE
