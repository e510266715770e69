-- id: GL08
-- title: totals in transaction currency per ledger, account and currency
-- kind: conservation
-- key: ledger, mainaccount, transactioncurrencycode
-- compare: n exact, cur :money_tolerance
-- area: ledger
-- why: the accounting currency alone would hide an exchange of amounts between currencies
select e.ledger, d.mainaccount, a.transactioncurrencycode, count(*) as n, sum(a.transactioncurrencyamount) as cur
from   generaljournalaccountentry a
join   generaljournalentry e on e.recid = a.generaljournalentry
join   dimensionattributevaluecombination d on d.recid = a.ledgerdimension
group  by e.ledger, d.mainaccount, a.transactioncurrencycode
