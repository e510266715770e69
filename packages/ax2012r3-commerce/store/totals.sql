-- What this store has sold, per terminal and business day: all days that have rows in this upload. Signs as in the tables.
select TERMINAL as terminal,
       BUSINESSDATE as day,
       count(*) as transactions,
       money(sum(cents(GROSSAMOUNT))) as gross,
       money(sum(cents(NETAMOUNT))) as net,
       money(sum(cents(PAYMENTAMOUNT))) as payment
from   RETAILTRANSACTIONTABLE
where  REPLICATIONCOUNTERFROMORIGIN <= :to_retailtransactiontable
and    BUSINESSDATE in (select BUSINESSDATE
                        from   RETAILTRANSACTIONTABLE
                        where  REPLICATIONCOUNTERFROMORIGIN > :after_retailtransactiontable
                        and    REPLICATIONCOUNTERFROMORIGIN <= :to_retailtransactiontable)
group  by TERMINAL, BUSINESSDATE
order  by TERMINAL, BUSINESSDATE
