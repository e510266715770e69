-- id: GL04
-- title: sign of an amount agrees with debit, credit and correction
-- kind: invariant
-- key: recid
-- area: ledger
-- why: a wrong sign moves an amount to the other side of every report
select a.recid, a.iscredit, a.iscorrection, a.accountingcurrencyamount
from   generaljournalaccountentry a
where  a.accountingcurrencyamount <> 0
and    (a.accountingcurrencyamount < 0) <> ((a.iscredit = 1) <> (a.iscorrection = 1))
