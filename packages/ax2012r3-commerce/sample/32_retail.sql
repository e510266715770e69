-- The sample source: what stores uploaded. Ticket n belongs to shift n / 25; shift b is on terminal b % terminals, so that time runs with n.
-- Signs as in AX: a sale has negative quantity, net, tax and gross, payments are positive, discounts positive. Amounts are made in cents.

create unlogged table workload.ticket as
select n, b, t, s, c, kind, type, void, d, workload.storeno(s) as store, workload.terminal(t) as terminal, workload.storeno(s) || '-' || workload.terminal(t) || '-' || n as id,
       workload.b() + 1000 + s as channel, workload.staff(s * 6 + workload.r(b, 120) % 6) as staff, 28800 + (n % 25 * 1440 + workload.r(n, 121) % 900)::int as secs, workload.cur(c) as cur,
       'ChannelDB-' || workload.storeno(s) as origin, case when type = 2 and n % 6 = 0 then workload.custacc(c + 3 * (workload.r(n, 122) % (workload.customers() / 3))) else '' end as cust,
       'R' || workload.pad(n, 12) as receipt
from  (select n, b, t, t / 3 as s, t / 3 % 3 as c, kind, case when n % 25 = 0 then 20 when kind < 88 then 2 when kind < 90 then 9 when kind < 93 then 16 when kind < 96 then 3 when kind < 98 then 4 else 7 end as type,
              kind between 40 and 41 and n % 25 <> 0 as void, workload.day(1 + b / (workload.stores() * 3) * 1040 / (workload.tickets() / 25 / (workload.stores() * 3) + 1)) as d
       from  (select n, n / 25 as b, n / 25 % (workload.stores() * 3) as t, workload.r(n, 123) % 100 as kind from generate_series(0, workload.tickets() - 1) n offset 0) a offset 0) x;

create unlogged table workload.ticketline as
select n, l, it, q, price, disc, case when ret then -1 else 1 end as sign, net, round(net * case when it / 3 % 10 = 3 then 0 when c = 2 then 0.19 else 0.0825 end)::bigint as tax, void
from  (select n, c, l, it, q, price, disc, q * price - disc as net, ret, lvoid as void
       from  (select n, c, l, it, q, price, ret, lvoid, case when not ret and workload.r(n * 16 + l, 124) % 5 = 0 then q * price * (5 + workload.r(n, 125) % 20) / 100 else 0 end as disc
              from  (select k.n, k.c, l, k.c + 3 * (workload.r(k.n * 16 + l, 126) % (workload.items() / 3)) as it, 1 + workload.r(k.n * 16 + l, 127) % 13 / 5 as q, k.kind in (10, 30, 50, 70) as ret,
                            workload.r(k.n * 16 + l, 128) % 25 = 0 as lvoid
                     from   workload.ticket k, generate_series(1, 1 + workload.r(k.n, 129) % 5 + case when k.n % 20 = 3 then 5 else 0 end) l
                     where  k.type = 2 offset 0) a,
                     lateral (select workload.itemprice(a.it) as price) p offset 0) b offset 0) x;

insert into dbo.retailtransactionsalestrans (channel, store, terminalid, transactionid, linenum, barcode, businessdate, comment, costamount, custaccount, discamount, periodicdiscamount, linedscamount, totaldiscamount,
                                             discofferid, inventdimid, inventlocationid, inventsiteid, inventtransid, itemid, itempostinggroup, keyboarditementry, linewasdiscounted, listingid, netamount, netamountincltax, netprice,
                                             originalprice, originaltaxgroup, originaltaxitemgroup, periodicpercentagediscount, price, qty, receiptid, replicationcounterfromorigin, rfidtagid, filelogid, shift, shiftdate, staffid, stdnetprice,
                                             taxamount, taxgroup, taxitemgroup, transactionstatus, transdate, transtime, unit, unitprice, unitqty, variantid, giftcard, origin, createddatetime, modifieddatetime, dataareaid, recid)
select k.channel, k.store, k.terminal, k.id, l.l, case when l.n % 2 = 0 then '40' || workload.pad(l.it * 2, 11) else '' end, k.d, case when l.n % 61 = 0 then left(workload.words(l.n), 60) else '' end,
       workload.cents(workload.itemcost(l.it) * l.q) + workload.dirt(l.n * 16 + l.l), k.cust, workload.cents(l.disc), case when l.n % 3 = 0 then workload.cents(l.disc) else 0 end,
       case when l.n % 3 <> 0 then workload.cents(l.disc - l.disc / 3) else 0 end, case when l.n % 3 <> 0 then workload.cents(l.disc / 3) else 0 end, case when l.disc > 0 and l.n % 3 = 0 then 'ST-PROMO' || l.n % 40 else '' end,
       case when l.it / 3 % 5 = 0 then workload.productdim(l.it) else '' end, workload.warehouse(2 + k.s / 3), workload.site(2 + k.s / 3), '', workload.itemid(l.it), (array['AUDIO', 'TV '])[l.it % 2 + 1], l.n % 2, (l.disc > 0)::int, l.it::text,
       workload.cents(-l.sign * l.net), workload.cents(-l.sign * (l.net + l.tax)), workload.cents(l.price), workload.cents(l.price), (array['AVATAX', 'TX', 'EU-DOM'])[k.c + 1], 'FULL', case when l.disc > 0 then l.disc * 100.0 / (l.q * l.price) else 0 end,
       workload.cents(l.price), -l.sign * l.q, k.receipt, l.n * 16 + l.l, case when l.n % 90 = 0 then 'RFID' || l.n else '' end, case when l.n % 70 = 0 then 'F' || l.n % 1000 else '' end, k.b % 3 + 1, k.d, k.staff, workload.cents(l.price) / 1.0825,
       workload.cents(-l.sign * l.tax), (array['AVATAX', 'TX', 'EU-DOM'])[k.c + 1], case when l.it / 3 % 10 = 3 then 'EXEMPT' else 'FULL' end, case when l.void or k.void then 1 else 0 end, k.d, k.secs, 'ea', workload.cents(l.price), -l.sign * l.q,
       case when l.it / 3 % 5 = 0 then workload.pad(l.it * 3, 6) else '' end, 0, k.origin, k.d + make_interval(secs => k.secs + 60), k.d + make_interval(secs => k.secs + 60), workload.co(k.c), workload.b() + l.n * 16 + l.l
from   workload.ticketline l
join   workload.ticket k on k.n = l.n
order  by l.n, l.l;

insert into dbo.retailtransactiontaxtrans (channel, storeid, terminalid, transactionid, salelinenum, taxcode, amount, isincludedinprice, replicationcounterfromorigin, origin, dataareaid, recid)
select k.channel, k.store, k.terminal, k.id, l.l, case when x.p = 1 then 'CITY' when k.c = 2 then 'MwSt19' else 'STATE ' end, workload.cents(l.sign * x.part), 0, (l.n * 16 + l.l) * 2 + x.p, k.origin, workload.co(k.c),
       workload.b() + (l.n * 16 + l.l) * 2 + x.p
from   workload.ticketline l
join   workload.ticket k on k.n = l.n,
       lateral (values (0, case when l.n % 8 = 1 then l.tax - l.tax / 4 else l.tax end), (1, case when l.n % 8 = 1 then l.tax / 4 else 0 end)) x(p, part)
where  x.part <> 0
order  by l.n, l.l, x.p;

insert into dbo.retailtransactiondiscounttrans (channel, storeid, terminalid, transactionid, salelinenum, linenum, amount, discountamount, percentage, discountcode, discountorigintype, customerdiscounttype, manualdiscounttype,
                                                periodicdiscountofferid, replicationcounterfromorigin, origin, dataareaid, recid)
select k.channel, k.store, k.terminal, k.id, l.l, 1 + x.p, workload.cents(x.part), workload.cents(x.part + 3 * (l.n % 2)), 5 + workload.r(l.n, 125) % 20, case when l.n % 9 = 0 then 'CODE' || l.n % 99 else '' end, case when l.n % 3 = 0 then 1 else 2 end, 0, 0,
       case when l.n % 3 = 0 then 'ST-PROMO' || l.n % 40 else '' end, (l.n * 16 + l.l) * 2 + x.p, k.origin, workload.co(k.c), workload.b() + (l.n * 16 + l.l) * 2 + x.p
from   workload.ticketline l
join   workload.ticket k on k.n = l.n,
       lateral (values (0, case when l.n % 3 = 0 then l.disc else l.disc - l.disc / 3 end), (1, case when l.n % 3 = 0 then 0 else l.disc / 3 end)) x(p, part)
where  x.part <> 0
order  by l.n, l.l, x.p;

-- What is due per ticket; German cash is rounded to five cents. Gift cards pay up to 20.00 of every thirtieth sale.
create unlogged table workload.due as
select k.*, coalesce(a.net, 0) as net, coalesce(a.tax, 0) as tax, coalesce(a.disc, 0) as disc, coalesce(a.q, 0) as q, coalesce(a.cnt, 0) as cnt, coalesce(a.cost, 0) as cost, g.gross, g.tender,
       case when k.void then 0 when k.type = 2 then case when g.tender = '1' and k.c = 2 then round(g.gross / 5.0) * 5 else g.gross end
            when k.type = 3 then 1000 + workload.r(k.n, 130) % 20000 else 0 end::bigint as pay,
       case when k.type = 2 and not k.void and k.n % 30 = 7 and g.gross > 2500 then 2000 else 0 end as gift, c.card
from   workload.ticket k
left   join (select n, sum(sign * net) filter (where not void) as net, sum(sign * tax) filter (where not void) as tax, sum(disc) filter (where not void) as disc, sum(sign * q) filter (where not void) as q, count(*) as cnt,
                    sum(sign * q * workload.itemcost(it)) filter (where not void) as cost
             from   workload.ticketline group by n) a on a.n = k.n,
       lateral (select (coalesce(a.net, 0) + coalesce(a.tax, 0))::bigint as gross, (array['1', '3', '3', '2', '1'])[workload.r(k.n, 131) % 5 + 1] as tender) g,
       lateral (select workload.r(k.n, 132) % (workload.giftcards() / 3) * 3 + k.c as card) c
order  by k.n;

insert into dbo.retailtransactiontable (batchid, batchterminalid, businessdate, channel, comment, costamount, counter, createdonposterminal, currency, custaccount, description, discamount, entrystatus, exchrate, grossamount, inventlocationid,
                                        inventsiteid, itemsposted, loyaltycardid, netamount, numberofitemlines, numberofitems, numberofpaymentlines, paymentamount, receiptid, replicationcounterfromorigin, roundedamount, saleisreturnsale,
                                        salespaymentdifference, shift, shiftdate, staff, store, terminal, timewhentotalpressed, timewhentransclosed, totaldiscamount, transactionid, transdate, transtime, type, opendrawer, skipaggregation, amounttoaccount,
                                        origin, extensioncontainer, createddatetime, modifieddatetime, dataareaid, recid)
select b + 1, terminal, d, channel, case when n % 83 = 0 then left(workload.words(n), 60) else '' end, workload.cents(-cost::bigint), (n % 25)::int, terminal, cur, cust, case when n % 401 = 5 then repeat(E'Ω', 150) else '' end, workload.cents(disc::bigint),
       case when void then 1 when n < workload.tickets() * 8 / 10 then 2 else 0 end, 1, workload.cents(-gross), workload.warehouse(2 + s / 3), workload.site(2 + s / 3), (n < workload.tickets() * 8 / 10)::int, case when n % 14 = 0 then 'LOY' || workload.pad(n % 9999, 8) else '' end,
       workload.cents(-net::bigint), cnt, q, case when type in (2, 3) and not void then 1 + (gift > 0)::int else 0 end, case when type = 2 then workload.cents(pay) else 0 end, receipt, n + 1, case when type = 2 then workload.cents(pay) else 0 end,
       (gross < 0)::int, case when type = 2 and not void then workload.cents(gross - pay) else 0 end, b % 3 + 1, d, staff, store, terminal, secs + 40, secs + 60, 0, id, d, secs, type, (type = 9)::int, (n % 100 = 1)::int, 0,
       origin, case when n % 100 = 3 then workload.noisebytes(n, 140 + workload.r(n, 133) % 700) when n % 10 = 4 then convert_to('<x a="' || n || '"/>', 'UTF8') else '' end, d + make_interval(secs => secs + 60), d + make_interval(secs => secs + 60), workload.co(c), workload.b() + n
from   workload.due
order  by n;

insert into dbo.retailtransactionpaymenttrans (channel, store, terminal, transactionid, linenum, amountcur, amountmst, amounttendered, authenticationcode, businessdate, cardoraccount, cardtypeid, changeline, currency, exchrate, exchratemst, giftcardid, paymentauthorization,
                                               sigcapdata, qty, receiptid, replicationcounterfromorigin, shift, shiftdate, staff, tendertype, transactionstatus, transdate, transtime, isprepayment, origin, createddatetime, modifieddatetime, dataareaid, recid)
select channel, store, terminal, id, x.p, workload.cents(x.amount), workload.cents(x.amount), workload.cents(x.amount), case when x.tender = '3' then 'A' || workload.r(n, 134) % 1000000 else '' end, d,
       case when x.tender = '3' then '************' || workload.pad(workload.r(n, 135) % 10000, 4) else '' end, case when x.tender = '3' then 'VISA' else '' end, (x.p = 2)::int, cur, 1, 1.0000000001, case when x.tender = '8' then 'GC' || workload.pad(card, 9) else '' end,
       case when x.tender = '3' and n % 40 < 4 then '<PaymentAuthorization token="' || workload.noise(n, case when n % 40 = 0 then 300 else 8 end) || '"/>' else '' end, case when x.tender = '3' and n % 200 = 1 then workload.noise(n * 3, 200) else '' end, 1, receipt, n * 4 + x.p,
       b % 3 + 1, d, staff, x.tender, 0, d, secs + 50, (type = 3)::int, origin, d + make_interval(secs => secs + 60), d + make_interval(secs => secs + 60), workload.co(c), workload.b() + n * 4 + x.p
from   workload.due k,
       lateral (select (k.tender = '1' and k.n % 7 = 0 and k.pay > 0)::int * 713 as back) y,
       lateral (values (1, k.tender, k.pay - k.gift + y.back), (2, '1', -y.back::bigint), (3, '8', k.gift::bigint)) x(p, tender, amount)
where  x.amount <> 0 and not k.void and k.type in (2, 3)
order  by n, x.p;

insert into dbo.retailgiftcardtransactions (amount, cardnumber, channel, operation, receiptid, staffid, terminalid, transactionid, transdate, transtime, dataareaid, recid)
select 500 + workload.r(g, 136) % 20000 * 0.01, 'GC' || workload.pad(g, 9), 0, 0, '', '', '', '', workload.day(g % 20), 36000, workload.co(g), workload.b() + 500000000 + g
from   generate_series(0, workload.giftcards() - 1) g;

insert into dbo.retailgiftcardtransactions (amount, cardnumber, channel, operation, receiptid, staffid, terminalid, transactionid, transdate, transtime, dataareaid, recid)
select workload.cents(-gift), 'GC' || workload.pad(card, 9), channel, 2, receipt, staff, terminal, id, d, secs, workload.co(c), workload.b() + n
from   workload.due
where  gift > 0
order  by n;

-- Shifts. The last shift of each terminal is open.
create unlogged table workload.shift as
select b, min(t) as t, min(s) as s, min(c) as c, min(d) as d, min(channel) as channel, min(store) as store, min(terminal) as terminal, min(staff) as staff, min(cur) as cur, min(origin) as origin, count(*) as n, count(*) filter (where void) as voids,
       count(*) filter (where type = 9) as nosale, sum(net) filter (where type = 2 and not void) as net, sum(tax) filter (where type = 2 and not void) as tax, sum(disc) filter (where type = 2 and not void) as disc,
       sum(gross - pay) filter (where type = 2 and not void) as diff, sum(pay - gift) filter (where type = 2 and not void and tender = '1') as cash, sum(pay - gift) filter (where type = 2 and not void and tender <> '1') as card,
       sum(gift) as gift, sum(pay) filter (where type = 3) as account, sum(q) filter (where type = 2 and not void and q > 0) as sold, count(*) filter (where type = 2 and not void and gross >= 0) as sales, count(*) filter (where type = 2 and not void and gross < 0) as returns,
       count(*) filter (where cust <> '') as customers, b >= (workload.tickets() - 1) / 25 - workload.stores() * 3 + 1 as isopen
from   workload.due
group  by b;

insert into dbo.retailposbatchtable (batchid, channel, storeid, terminalid, staffid, startdate, starttime, startdatetimeutc, closedate, closetime, closedatetimeutc, closedatterminal, status, posted, transactionscount, voidscount, nosalecount, salescount, returnscount,
                                     customerscount, salestotal, salesgrandtotal, taxtotal, discounttotal, roundedamounttotal, paidtoaccounttotal, goodssoldqty, logonscount, replicationcounter, origin, dataareaid, recid)
select b + 1, channel, store, terminal, staff, d, 28800, d + interval '8 hours', case when isopen then '1900-01-01' else d end, case when isopen then 0 else 64800 end, case when isopen then '1900-01-01' else d + interval '18 hours' end,
       case when isopen then '' else terminal end, case when isopen then 1 else 3 end, (not isopen)::int, n, voids, nosale, sales, returns, customers, workload.cents(net::bigint), workload.cents((net + tax)::bigint), workload.cents(tax::bigint), workload.cents(disc::bigint), workload.cents(diff::bigint),
       workload.cents(coalesce(account, 0)::bigint), coalesce(sold, 0), 1 + b % 3, b + 1, origin, workload.co(c), workload.b() + b + 1
from   (select b, t, s, c, d, channel, store, terminal, staff, cur, origin, n, voids, nosale, coalesce(net, 0) as net, coalesce(tax, 0) as tax, coalesce(disc, 0) as disc, coalesce(diff, 0) as diff, account, sold, sales, returns, customers, isopen from workload.shift) x
order  by b;

-- Statement of a closed shift: cash, cards and gift cards against revenue, tax and rounding. Ledger entries of kind 7.
insert into dbo.generaljournalentry (accountingdate, fiscalcalendarperiod, ledger, journalnumber, fiscalcalendaryear, subledgervoucher, subledgervoucherdataareaid, documentdate, documentnumber, journalcategory, createddatetime, createdby, createdtransactionid, recid)
select d, workload.period(d), workload.b() + c, 'RS' || workload.pad(b, 10), workload.b() + extract(year from d)::int - 2022, 'RS' || workload.pad(b, 9), workload.co(c), d, 'STMT' || b, 7, d + interval '20 hours', 'Admin', workload.b() + b, workload.b() + 7000000000 + b
from   workload.shift where not isopen and net is not null order by b;

insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
select 'RS' || workload.pad(b, 9), workload.co(c), workload.b() + 7000000000 + b, d, workload.b() + 7000000000 + b
from   workload.shift where not isopen and net is not null order by b;

insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, iscredit, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry, text, ledgeraccount, createdtransactionid, mainaccount, recid)
select workload.cents(x.amount), workload.cents(x.amount),
       workload.cents(case when x.l < 5 then workload.reporting(s.c, x.amount)
                           else -workload.reporting(s.c, v.cash) - workload.reporting(s.c, v.card) - workload.reporting(s.c, v.gift) - workload.reporting(s.c, -v.net) - workload.reporting(s.c, -v.tax) end),
       (x.amount < 0)::int, s.cur, 200 + x.l, workload.ldim(x.a, s.s % workload.departments()), workload.b() + 7000000000 + s.b, 'Statement ' || s.store, workload.ldisp(x.a, s.s % workload.departments()), workload.b() + s.b, workload.b() + x.a,
       workload.b() + 700000000000 + s.b * 32 + x.l
from   workload.shift s,
       lateral (select coalesce(s.cash, 0)::bigint as cash, coalesce(s.card, 0)::bigint as card, coalesce(s.gift, 0)::bigint as gift, s.net::bigint as net, s.tax::bigint as tax, s.diff::bigint as diff) v,
       lateral (values (0, v.cash, 2::bigint), (1, v.card, 16), (2, v.gift, 9), (3, -v.net, 11), (4, -v.tax, 8), (5, v.diff, 15)) x(l, amount, a)
where  not s.isopen and s.net is not null and (x.amount <> 0 or x.l = 5)
order  by s.b, x.l;

-- Torn uploads of long ago, a shift that was counted wrong, and a gift card whose row is gone.
insert into dbo.retailtransactionsalestrans (channel, store, terminalid, transactionid, linenum, itemid, qty, price, netamount, transdate, origin, replicationcounterfromorigin, dataareaid, recid)
select workload.b() + 1000, workload.storeno(0), workload.terminal(0), 'TORN-' || n, 1, workload.itemid(n * 3), -1, 9.99, -9.99, workload.day(10), 'ChannelDB-' || workload.storeno(0), -n, 'usmf', workload.b() + 90000000000 + n
from   generate_series(1::bigint, 3) n;
insert into dbo.retailtransactionpaymenttrans (channel, store, terminal, transactionid, linenum, amounttendered, amountcur, amountmst, currency, tendertype, transdate, origin, replicationcounterfromorigin, dataareaid, recid)
values (workload.b() + 1000, workload.storeno(0), workload.terminal(0), 'TORN-4', 1, 5, 5, 5, 'USD', '1', workload.day(10), 'ChannelDB-' || workload.storeno(0), -4, 'usmf', workload.b() + 90000000000 + 4);
update dbo.retailposbatchtable set transactionscount = transactionscount + 1 where recid = workload.b() + 2;
insert into dbo.retailgiftcardtransactions (amount, cardnumber, operation, transdate, dataareaid, recid) values (25, 'GC-LOST', 0, workload.day(5), 'usrt', workload.b() + 90000000000);

drop table workload.ticket, workload.ticketline, workload.due, workload.shift;
