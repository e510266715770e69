-- id: GL01
-- title: every general journal entry balances in accounting currency
-- kind: invariant
-- key: recid
-- area: ledger
-- why: an entry that does not balance makes the trial balance wrong for good
select a.generaljournalentry as recid, sum(a.accountingcurrencyamount) as diff
from   generaljournalaccountentry a
group  by a.generaljournalentry
having abs(sum(a.accountingcurrencyamount)) > :'money_tolerance'
