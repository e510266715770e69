-- id: GL07
-- title: trial balance per ledger, account, dimension, period and layer
-- kind: conservation
-- key: name, mainaccountid, displayvalue, startdate, type, postinglayer
-- compare: n exact, acc :money_tolerance, rep :money_tolerance, debit :money_tolerance, credit :money_tolerance, qty 0.0001
-- area: ledger
-- why: the proof that the financials reconcile: the same trial balance before and after
select l.name, m.mainaccountid, d.displayvalue, p.startdate, p.type, g.postinglayer,
       sum(g.n) as n, sum(g.acc) as acc, sum(g.rep) as rep, sum(g.debit) as debit, sum(g.credit) as credit, sum(g.qty) as qty
from   (select e.ledger, e.fiscalcalendarperiod, e.postinglayer, a.ledgerdimension, count(*) as n,
               sum(a.accountingcurrencyamount) as acc, sum(a.reportingcurrencyamount) as rep,
               coalesce(sum(a.accountingcurrencyamount) filter (where a.iscredit = 0), 0) as debit,
               coalesce(sum(a.accountingcurrencyamount) filter (where a.iscredit = 1), 0) as credit,
               sum(a.quantity) as qty
        from   generaljournalaccountentry a
        join   generaljournalentry e on e.recid = a.generaljournalentry
        group  by e.ledger, e.fiscalcalendarperiod, e.postinglayer, a.ledgerdimension) g
join   ledger l on l.recid = g.ledger
join   fiscalcalendarperiod p on p.recid = g.fiscalcalendarperiod
join   dimensionattributevaluecombination d on d.recid = g.ledgerdimension
join   mainaccount m on m.recid = d.mainaccount
group  by l.name, m.mainaccountid, d.displayvalue, p.startdate, p.type, g.postinglayer
