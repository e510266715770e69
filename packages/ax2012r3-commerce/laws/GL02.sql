-- id: GL02
-- title: every general journal entry balances in reporting currency
-- kind: invariant
-- key: recid
-- area: ledger
-- why: a ledger with a reporting currency is reported in it, so it must balance there as well
select e.recid, a.diff
from   (select generaljournalentry, sum(reportingcurrencyamount) as diff
        from   generaljournalaccountentry
        group  by generaljournalentry
        having abs(sum(reportingcurrencyamount)) > :'money_tolerance') a
join   generaljournalentry e on e.recid = a.generaljournalentry
join   ledger l on l.recid = e.ledger and l.reportingcurrency <> ''
