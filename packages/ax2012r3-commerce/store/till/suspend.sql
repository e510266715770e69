-- A receipt that waits has a number of its own: it is no transaction yet.
insert into SALESTRANSACTION (TRANSACTIONID, TERMINALID, STAFFID, CUSTACCOUNT, AMOUNT, CREATEDDATETIME)
values ('S-' || :mark, :terminal, :staff, :customer, money(:total_gross), :now);

select 'S-' || :mark as id
