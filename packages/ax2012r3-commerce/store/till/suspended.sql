-- The one that waits longest.
select TRANSACTIONID as suspended, CUSTACCOUNT as customer
from   SALESTRANSACTION
order  by CREATEDDATETIME, TRANSACTIONID
limit  1
