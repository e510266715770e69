-- key: recid
-- jobs: 1110_AX7
-- scope: all
select t.recid,
       t.accountingcurrency,
       t.budgetexchangeratetype,
       t.chartofaccounts,
       t.defaultexchangeratetype,
       t.description,
       t.fiscalcalendar,
       t.isbudgetcontrolenabled,
       t.name,
       t.primaryforlegalentity,
       t.reportingcurrency
from hq.ledger t
