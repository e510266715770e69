-- id: RT06
-- title: store takings per store, terminal and day
-- kind: conservation
-- key: dataareaid, store, terminal, transdate, type, entrystatus
-- compare: n exact, gross :money_tolerance, net :money_tolerance, pay :money_tolerance, maxctr exact
-- area: retail
-- why: the proof a store manager understands: the same count and the same takings on every day
select dataareaid, store, terminal, transdate, type, entrystatus, count(*) as n, sum(grossamount) as gross, sum(netamount) as net,
       sum(paymentamount) as pay, max(replicationcounterfromorigin) as maxctr
from   retailtransactiontable
group  by dataareaid, store, terminal, transdate, type, entrystatus
