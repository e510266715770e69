-- The sample source: stock. A lot is one receipt and two to four issues of one item; what happened to it depends on its class:
-- closed and settled, partly settled, posted but not settled, only physical, in picking, registered, ordered, or a quotation.
-- On-hand is then the sum of the transactions, and what was posted financially goes to the ledger with its voucher.

create unlogged table workload.lotline as
select g, j, k, it, c, class, jo, sr, si, qty, uc, d0, dim, sr = 1 or si = 1 as fin, sr in (1, 2) or si in (1, 2) as phys,
       class < 60 and j > 0 as settled, case when class < 60 and j = 1 and g % 3 = 0 then (workload.r(g, 8) % 7 - 3) * 0.01 else 0 end as adj,
       d0 + make_interval(days => case when j = 0 then 2 else 8 end) as dphys, d0 + make_interval(days => case when j = 0 then 4 else 12 end) as dfin
from  (select g, j, k, it, it % 3 as c, class, case when class between 76 and 83 and j = 2 then 1 else j end as jo,
              case when j > 0 then 0 when class < 68 then 1 when class < 76 then 2 when class < 84 then 1 when class < 87 then 3 when class < 90 then 4 when class < 96 then 5 else 6 end as sr,
              case when j = 0 then 0 when class < 68 then 1 when class < 76 then 2 when class < 84 then (array[1, 6, 3, 4])[j]
                   when class < 90 then 5 + (j + 1) % 2 when class < 96 then 5 + j % 2 else 7 end as si,
              case when j = 0 then n when class >= 40 then -(n / (k + 2)) when j < k then -(n / k) else (k - 1) * (n / k) - n end
                  * case when it / 3 % 20 = 7 then 0.125 else 1 end as qty,
              uc, workload.day(g * 1030 / workload.lots()) as d0,
              case when d % 25 = 0 and workload.r(g * 8 + j, 7) % 2 = 0 then workload.dims() + d / 25 else d end as dim
       from  (select g, it, 2 + workload.r(g, 3) % 3 as k, workload.r(g, 4) % 100 as class, 10 + workload.r(g, 5) % 190 as n,
                     workload.itemcost(it) as uc,
                     case when workload.r(it, 6) % 8 = 0 then 25 * (1 + workload.r(it * 4 + g % 3, 6) % ((workload.dims() - 1) / 25))
                          else 1 + workload.r(it * 4 + workload.r(g, 2) % 4, 6) % (workload.dims() - 1) end as d
              from  (select g, workload.r(g, 1) % workload.items() * (workload.r(g, 11) % workload.items()) / workload.items() as it
                     from   generate_series(0, workload.lots() - 1) g offset 0) a offset 0) b,
             lateral generate_series(0, b.k::int) j offset 0) e;

insert into dbo.inventtransorigin (inventtransid, referencecategory, referenceid, itemid, iteminventdimid, party, modifieddatetime, createddatetime, createdby, modifiedby, dataareaid, recid)
select 'LOT' || workload.pad(g * 8 + j, 11), case when j = 0 then 3 when class >= 96 then 6 else 0 end,
       case when j = 0 then 'PO' || workload.pad(g, 9) else 'SO' || workload.pad(g * 8 + j, 9) end, workload.itemid(it), 'AllBlank',
       case when j = 0 then workload.b() + workload.customers() + workload.r(g, 13) % workload.vendors() else workload.b() + workload.r(g * 8 + j, 14) % workload.customers() end,
       dfin, d0, 'Admin', 'bsmith', workload.co(c), workload.b() + g * 8 + j
from   workload.lotline
where  jo = j;

insert into dbo.inventtrans (itemid, statusissue, statusreceipt, qty, datephysical, datefinancial, dateexpected, dateinvent, datestatus, dateclosed, costamountposted, costamountphysical, costamountadjustment,
                             costamountsettled, qtysettled, valueopen, costamountstd, currencycode, invoiceid, voucher, packingslipid, voucherphysical, shippingdaterequested, shippingdateconfirmed, pickingrouteid,
                             inventdimid, inventdimidsales_ru, inventtransorigin, revenueamountphysical, timeexpected, activitynumber, projcategoryid, transchildrefid, modifieddatetime, modifiedby, createddatetime, dataareaid, recid)
select workload.itemid(it), si, sr, qty, case when phys then dphys else '1900-01-01' end, case when fin then dfin else '1900-01-01' end, dphys, case when phys then dphys else '1900-01-01' end,
       case when fin then dfin else d0 end, case when closed then dfin + interval '18 days' else '1900-01-01' end,
       case when fin then posted else 0 end, case when phys then posted - case when sr = 1 then 0.01 else 0 end else 0 end,
       case when j = 0 then case when class < 60 then -adj1 else 0 end else adj end,
       case when settled then posted + adj when j = 0 and class < 60 then -settledqty * uc * 0.01 - adj1 else 0 end,
       case when settled then qty when j = 0 and class < 60 then -settledqty else 0 end,
       case when closed then 0 else 1 end, 0, workload.cur(c),
       case when fin then (case when j = 0 then 'PI' else 'SI' end) || workload.pad(g, 9) else '' end, case when fin then (case when j = 0 then 'PIV' else 'SIV' end) || workload.pad(g, 9) else '' end,
       case when phys then (case when j = 0 then 'PP' else 'SP' end) || workload.pad(g * 8 + j, 9) else '' end, case when phys then (case when j = 0 then 'PPS' else 'SPS' end) || workload.pad(g * 8 + j, 9) else '' end,
       case when j > 0 then d0 else '1900-01-01' end, case when j > 0 then d0 else '1900-01-01' end, case when si in (2, 3) then workload.pad(g, 9) else '' end,
       workload.dimid(dim), case when g % 200 = 0 then workload.dimid(dim) else '' end, workload.b() + g * 8 + jo, case when si = 2 then -qty * uc * 0.017 else 0 end,
       (g % 86400)::int, case when g % 97 = 0 then 'ACT-' || g else '' end, '', '', dfin, 'Admin', d0, workload.co(c), workload.b() + g * 8 + j
from  (select l.*, round(qty * uc * 0.01, 8) + case when fin then workload.dirt(g * 8 + j) * sign(qty) else 0 end as posted,
              class < 60 and j > 0 or class < 40 as closed,
              case when j = 0 and class < 60 then sum(qty) filter (where j > 0) over w else 0 end as settledqty, sum(adj) over w as adj1
       from   workload.lotline l window w as (partition by g) offset 0) t;

-- Settlements: each settled issue against the receipt of its lot; some old ones were cancelled and replaced.
insert into dbo.inventsettlement (transrecid, transdate, itemid, inventtransid, qtysettled, costamountsettled, costamountadjustment, settletransid, settletype, settlemodel, voucher, posted, cancelled,
                                  transbegintime, balancesheetposting, balancesheetledgerdimension, itemgroupid, dataareaid, recid)
select workload.b() + l.g * 8 + case when side = 0 then l.j else 0 end, dfin + interval '18 days', workload.itemid(it), 'LOT' || workload.pad(l.g * 8 + case when side = 0 then l.j else 0 end, 11),
       case when side = 0 then qty else -qty end,
       case when side = 0 then round(qty * uc * 0.01, 8) - workload.dirt(l.g * 8 + j) + adj else -qty * uc * 0.01 - adj end,
       case when side = 0 then adj else -adj end, 'ST' || workload.pad(l.g * 8 + j, 10) || case when x = 1 then 'C' else '' end, 0, 0, 'CLO' || workload.pad(l.g / 500, 6), 1, x,
       dfin + interval '18 days 1 hour', 61, workload.ldim(4, it % workload.departments()), (array['AUDIO', 'TV'])[it % 2 + 1], workload.co(c), workload.b() + (l.g * 8 + j) * 4 + side * 2 + x
from   workload.lotline l, generate_series(0, 1) side, generate_series(0, 1) x
where  l.settled and (x = 0 or l.g % 9 = 0);

-- Postings: financial ones always, physical ones where the model group posts them.
insert into dbo.inventtransposting (itemid, transdate, voucher, postingtype, postingtypeoffset, inventtranspostingtype, isposted, inventtransorigin, ledgerdimension, offsetledgerdimension, transbegintime, dataareaid, recid)
select workload.itemid(it), case when p = 1 then dfin else dphys end,
       case when p = 1 then (case when j = 0 then 'PIV' else 'SIV' end) || workload.pad(g, 9) else (case when j = 0 then 'PPS' else 'SPS' end) || workload.pad(g * 8 + j, 9) end,
       case when j = 0 then 61 else 62 end, 71, p, 1, workload.b() + g * 8 + jo, workload.ldim(4 + (1 - p) * case when j = 0 then 1 else 0 end, it % workload.departments()),
       workload.ldim(case when j = 0 then 7 else 13 end, it % workload.departments()), dfin, workload.co(c), workload.b() + (g * 8 + j) * 2 + p
from   workload.lotline, generate_series(0, 1) p
where  p = 1 and fin or p = 0 and phys and (c = 2 and g % 2 = 0 or not fin);

-- Ledger: one voucher for the receipt of a lot, one for its posted issues. Entry RecIds start at 1,000,000,000 and 2,000,000,000.
create unlogged table workload.lotentry as
select g, min(it) as it, min(c) as c, j > 0 as issue, min(dfin) as d, round(sum(qty) * min(uc))::bigint as cents, sum(qty) as qty
from   workload.lotline
where  fin
group  by g, j > 0;

insert into dbo.generaljournalentry (accountingdate, ledgerpostingjournal, fiscalcalendarperiod, postinglayer, ledger, ledgerpostingjournaldataareaid, journalnumber, fiscalcalendaryear, subledgervoucher,
                                     subledgervoucherdataareaid, documentdate, documentnumber, journalcategory, createddatetime, createdby, createdtransactionid, recid)
select d, '', workload.period(d), 0, workload.b() + c, '', 'JN' || workload.pad(g * 2 + issue::int, 10), workload.b() + extract(year from d)::int - 2022, (case when issue then 'SIV' else 'PIV' end) || workload.pad(g, 9),
       workload.co(c), d, case when issue then 'SI' else 'PI' end || workload.pad(g, 9), case when issue then 2 else 3 end, d + interval '3 hours', 'Admin', workload.b() + g, workload.b() + (1 + issue::int) * 1000000000::bigint + g
from   workload.lotentry
order  by issue, g;

insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
select (case when issue then 'SIV' else 'PIV' end) || workload.pad(g, 9), workload.co(c), workload.b() + (1 + issue::int) * 1000000000::bigint + g, d, workload.b() + (1 + issue::int) * 1000000000::bigint + g
from   workload.lotentry
order  by issue, g;

insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, quantity, iscredit, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry, text,
                                            ledgeraccount, createdtransactionid, mainaccount, recid)
select workload.cents(x.cents), workload.cents(x.cents), workload.cents(workload.reporting(e.c, x.cents)), case when x.a = 4 then e.qty else 0 end, (x.cents < 0)::int, workload.cur(e.c), x.p,
       workload.ldim(x.a, e.it % workload.departments()), workload.b() + (1 + e.issue::int) * 1000000000::bigint + e.g, case when e.g % 5 = 0 then 'Lot ' || e.g else '' end,
       workload.ldisp(x.a, e.it % workload.departments()), workload.b() + e.g, case when e.g % 19 = 0 then 0 else workload.b() + x.a end, workload.b() + (1 + e.issue::int) * 100000000000::bigint + e.g * 32 + x.n
from   workload.lotentry e, lateral (values (0, e.cents, 4::bigint, 61), (1, -e.cents, case when e.issue then 13 else 7 end::bigint, 71)) x(n, cents, a, p)
order  by e.issue, e.g, x.n;

-- On-hand is the sum of the transactions. Two transactions are of items that somebody deleted.
insert into dbo.inventtransorigin (inventtransid, itemid, referencecategory, dataareaid, recid)
select 'LOTGONE' || n, 'GONE ' || n, 3, 'usrt', workload.b() + 90000000000 + n from generate_series(0::bigint, 1) n;
insert into dbo.inventtrans (itemid, statusreceipt, qty, valueopen, inventdimid, inventtransorigin, dataareaid, recid)
select 'GONE ' || n, 5, 7, 1, workload.dimid(1), workload.b() + 90000000000 + n, 'usrt', workload.b() + 90000000000 + n from generate_series(0::bigint, 1) n;

insert into dbo.inventsum (itemid, inventdimid, postedqty, postedvalue, deducted, received, reservphysical, reservordered, onorder, ordered, quotationissue, quotationreceipt, registered, picked, arrived, physicalvalue,
                           physicalinvent, availphysical, availordered, closed, closedqty, lastupddatephysical, lastupddateexpected, modifieddatetime, dataareaid, recid)
select itemid, inventdimid, posted, postedvalue, deducted, received, reservphysical, reservordered, onorder, ordered, quotationissue, quotationreceipt, registered, picked, arrived, physicalvalue,
       posted + received + registered - deducted - picked, posted + received + registered - deducted - picked - reservphysical,
       posted + received + registered - deducted - picked - reservphysical + ordered + arrived - reservordered - onorder, (open = 0)::int, (open = 0)::int,
       lastphysical, lastexpected, lastphysical, dataareaid, workload.b() + row_number() over (order by dataareaid, itemid, inventdimid)
from  (select dataareaid, itemid, inventdimid,
              coalesce(sum(qty) filter (where statusreceipt = 1 or statusissue = 1), 0) as posted,
              coalesce(sum(costamountposted + costamountadjustment) filter (where statusreceipt = 1 or statusissue = 1), 0) as postedvalue,
              coalesce(sum(costamountphysical) filter (where statusreceipt = 2 or statusissue = 2), 0) as physicalvalue,
              coalesce(sum(qty) filter (where statusreceipt = 2), 0) as received, coalesce(sum(qty) filter (where statusreceipt = 3), 0) as registered,
              coalesce(sum(qty) filter (where statusreceipt = 4), 0) as arrived, coalesce(sum(qty) filter (where statusreceipt = 5), 0) as ordered,
              coalesce(sum(qty) filter (where statusreceipt = 6), 0) as quotationreceipt, coalesce(-sum(qty) filter (where statusissue = 2), 0) as deducted,
              coalesce(-sum(qty) filter (where statusissue = 3), 0) as picked, coalesce(-sum(qty) filter (where statusissue = 4), 0) as reservphysical,
              coalesce(-sum(qty) filter (where statusissue = 5), 0) as reservordered, coalesce(-sum(qty) filter (where statusissue = 6), 0) as onorder,
              coalesce(-sum(qty) filter (where statusissue = 7), 0) as quotationissue, max(valueopen) as open, max(datephysical) as lastphysical, max(dateexpected) as lastexpected
       from   dbo.inventtrans
       group  by dataareaid, itemid, inventdimid) s
order  by dataareaid, itemid, inventdimid;

drop table workload.lotline, workload.lotentry;
