-- title: The business date is in a period that can be posted to
-- why: A statement is posted on the business date of its sales.
-- Which periods are closed, module by module, is in tables that this package does not carry; the year that was closed last
-- is in the ledger, and a date that is in no period at all is found.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'the business date ' || t.businessdate::date || ' is in no period that is open' as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.ledger g on lower(g.name) = lower(t.dataareaid)
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    (t.businessdate <= g.mostrecentyearendclose
        or not exists (select from hq.fiscalcalendarperiod p where p.fiscalcalendar = g.fiscalcalendar
                       and t.businessdate between p.startdate and p.enddate and p.type = 1))
