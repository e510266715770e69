-- The Z report: what the shift came to. Only now headquarters gets it, since rows that went up never change.
insert into RETAILPOSBATCHTABLE (BATCHID, CHANNEL, STOREID, TERMINALID, STAFFID, STARTDATE, STARTTIME, STARTDATETIMEUTC, CLOSEDATE,
                                 CLOSETIME, CLOSEDATETIMEUTC, CLOSEDATTERMINAL, STATUS, TRANSACTIONSCOUNT, VOIDSCOUNT, NOSALECOUNT,
                                 SALESCOUNT, RETURNSCOUNT, CUSTOMERSCOUNT, SALESTOTAL, SALESGRANDTOTAL, TAXTOTAL, DISCOUNTTOTAL,
                                 ROUNDEDAMOUNTTOTAL, GOODSSOLDQTY, LOGONSCOUNT, DATAAREAID)
select s.BATCHID, :channel, s.STOREID, s.TERMINALID, s.STAFFID, s.STARTDATE, s.STARTTIME, s.STARTDATETIMEUTC, :day, :seconds, :now,
       :terminal, 3, t.n, t.voids, t.no_sales, t.sales, t.returns, t.customers, money(t.net), money(t.gross), money(t.gross - t.net),
       money(t.discount), money(t.difference), t.sold, 1, :company
from   RETAILSHIFTSTAGINGTABLE s,
       (select count(*) as n, coalesce(sum(ENTRYSTATUS = 1), 0) as voids, coalesce(sum(TYPE = 9), 0) as no_sales,
               coalesce(sum(TYPE = 2 and ENTRYSTATUS = 0 and cents(GROSSAMOUNT) <= 0), 0) as sales,
               coalesce(sum(TYPE = 2 and ENTRYSTATUS = 0 and cents(GROSSAMOUNT) > 0), 0) as returns,
               coalesce(sum(CUSTACCOUNT <> ''), 0) as customers, coalesce(-sum(cents(NETAMOUNT)), 0) as net,
               coalesce(-sum(cents(GROSSAMOUNT)), 0) as gross, coalesce(sum(cents(DISCAMOUNT)), 0) as discount,
               coalesce(sum(cents(SALESPAYMENTDIFFERENCE)), 0) as difference, coalesce(sum(max(NUMBEROFITEMS + 0, 0)), 0) as sold
        from   RETAILTRANSACTIONTABLE
        where  BATCHTERMINALID = :terminal and BATCHID = :shift) t
where  s.STOREID = :store and s.TERMINALID = :terminal;

delete from RETAILSHIFTSTAGINGTABLE where STOREID = :store and TERMINALID = :terminal;

select :store || '-' || :terminal || '-shift-' || :shift as id
