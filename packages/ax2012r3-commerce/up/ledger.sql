-- key: recid
select t.chartofaccounts,
       t.name,
       t.description,
       t.primaryforlegalentity,
       t.fiscalcalendar,
       t.defaultexchangeratetype,
       t.budgetexchangeratetype,
       t.accountingcurrency,
       t.reportingcurrency,
       t.isbudgetcontrolenabled,
       0::bigint as reportingcurrencyexchangeratetype,
       timestamp '1900-01-01' as mostrecentyearendclose,
       t.modifieddatetime,
       t.recversion,
       t.partition,
       t.recid
from old.ledger t
