-- What this store has sold, per terminal and business day: all days that have rows in this upload. Signs as in the tables; what was
-- voided, suspended or made for training is no sale.
select TERMINAL as terminal,
       BUSINESSDATE as day,
       count(case when TYPE = 2 and ENTRYSTATUS not in (1, 4, 5, 6) then 1 end) as transactions,
       money(sum(case when TYPE = 2 and ENTRYSTATUS not in (1, 4, 5, 6) then cents(GROSSAMOUNT) else 0 end)) as gross,
       money(sum(case when TYPE = 2 and ENTRYSTATUS not in (1, 4, 5, 6) then cents(NETAMOUNT) else 0 end)) as net,
       money(sum(case when TYPE = 2 and ENTRYSTATUS not in (1, 4, 5, 6) then cents(PAYMENTAMOUNT) else 0 end)) as payment
from   RETAILTRANSACTIONTABLE
where  REPLICATIONCOUNTERFROMORIGIN <= :to_retailtransactiontable
and    BUSINESSDATE in (select BUSINESSDATE
                        from   RETAILTRANSACTIONTABLE
                        where  REPLICATIONCOUNTERFROMORIGIN > :after_retailtransactiontable
                        and    REPLICATIONCOUNTERFROMORIGIN <= :to_retailtransactiontable)
group  by TERMINAL, BUSINESSDATE
order  by TERMINAL, BUSINESSDATE
