-- id: GL05
-- title: entries of operating periods lie inside their period
-- kind: invariant
-- key: recid
-- area: ledger
-- why: an entry outside its period is in no period report, or in the wrong one
select e.recid, e.accountingdate, p.startdate, p.enddate
from   generaljournalentry e
join   fiscalcalendarperiod p on p.recid = e.fiscalcalendarperiod
where  p.type = 1 and (e.accountingdate < p.startdate or e.accountingdate > p.enddate)
