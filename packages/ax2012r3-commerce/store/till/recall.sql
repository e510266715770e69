delete from SALESTRANSACTIONLINE where TRANSACTIONID = :suspended;
delete from SALESTRANSACTION where TRANSACTIONID = :suspended
