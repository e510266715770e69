-- The sample source: customer invoices, vendor bills and their payments, settlements and open lines, and general journals with corrections.
-- Documents n carry RecIds 2 n (invoice) and 2 n + 1 (payment). Ledger entries of kind a start at a * 1,000,000,000, their lines at a * 100,000,000,000.

create unlogged table workload.document as
select kind, n, party, c, d, dp, cur, rate, net, tax, net + tax as total,
       case when state < 55 then net + tax when state < 70 then (net + tax) * (10 + state) / 100 else 0 end as paid,
       mnet, mtax, mnet + mtax as mtotal
from  (select kind, n, party, c, d, dp, state, cur, rate, net, tax, round(net * rate)::bigint as mnet, round(tax * rate)::bigint as mtax
       from  (select kind, n, party, c, d, d + make_interval(days => 5 + (state % 40)::int) as dp, state, net, case when kind = 0 then round(net * case c when 2 then 0.19 else 0.0825 end)::bigint else 0 end as tax,
                     case when f = 0 then (array['EUR', 'CAD', 'GBP'])[c + 1] else workload.cur(c) end as cur,
                     case when f = 0 then (array[1.0837, 0.7406, 1.1652])[c + 1] + workload.r(n, 20) % 500 * 0.0001 + workload.dirt(n) else 1 end as rate
              from  (select kind, n, party, party % 3 as c, workload.day(n * 1030 / cnt) as d, workload.r(n, 21 + kind) % 100 as state, workload.r(n, 23 + kind) % 6 as f,
                            (500 + workload.r(n, 25 + kind) % 400000) * case when workload.r(n, 27 + kind) % 20 = 0 then -1 else 1 end as net
                     from  (select 0 as kind, n, workload.r(n, 29) % workload.customers() as party, workload.invoices() as cnt from generate_series(0, workload.invoices() - 1) n
                            union all
                            select 1, n, workload.r(n, 30) % workload.vendors(), workload.bills() from generate_series(0, workload.bills() - 1) n offset 0) a offset 0) b offset 0) x offset 0) y;

insert into dbo.custtrans (accountnum, transdate, voucher, invoice, txt, amountcur, settleamountcur, amountmst, settleamountmst, currencycode, duedate, lastsettlevoucher, lastsettledate, closed, transtype, approved,
                           documentnum, documentdate, exchrate, lastexchadjrate, reportingcurrencycrossrate, reportingcurrencyamount, postingprofile, orderaccount, paymmode, paymreference, offsetrecid, retailcusttrans,
                           modifiedby, createdby, createddatetime, modifieddatetime, dataareaid, recid)
select workload.custacc(party), case p when 0 then d else dp end, (case p when 0 then 'CIV' else 'CPY' end) || workload.pad(n, 9), case p when 0 then 'INV-' || workload.pad(n, 8) else '' end,
       case when n % 17 = 0 then workload.words(n) || E' "order"\n' else '' end, workload.cents(case p when 0 then total else -paid end), workload.cents(case p when 0 then paid else -paid end),
       workload.cents(case p when 0 then mtotal else -mpaid end), workload.cents(case p when 0 then mpaid else -mpaid end), cur, d + interval '30 days',
       case when paid <> 0 then 'CPY' || workload.pad(n, 9) else '' end, case when paid <> 0 then dp else '1900-01-01' end, case when p = 1 or paid = total then dp else '1900-01-01' end,
       case p when 0 then 2 else 15 end, 1, case when n % 4 = 0 then 'DOC ' || n else '' end, d, rate * 100, rate * 100, case when c = 0 then 0 else 0.9184123456789012 end,
       workload.cents(workload.reporting(c, case p when 0 then mtotal else -mpaid end)), 'GEN', workload.custacc(party), case p when 1 then (array['CHECK', 'WIRE '])[n % 2 + 1] else '' end,
       case when n % 50 = 0 then rpad('RF' || n, 60, '0') else '' end, case when paid <> 0 then workload.b() + n * 2 + 1 - p else 0 end, (n % 11 = 0)::int,
       'Admin', 'Admin', d, case when paid <> 0 then dp else d end, workload.co(c), workload.b() + n * 2 + p
from  (select d.*, round(paid * rate)::bigint as mpaid from workload.document d where kind = 0 offset 0) x, generate_series(0, 1) p
where  p = 0 or paid <> 0;

insert into dbo.custtransopen (accountnum, amountcur, amountmst, duedate, refrecid, reportingcurrencyamount, transdate, possiblecashdisc, dataareaid, recid)
select workload.custacc(party), workload.cents(total - paid), workload.cents(mtotal - round(paid * rate)::bigint), d + interval '30 days', workload.b() + n * 2,
       workload.cents(workload.reporting(c, mtotal - round(paid * rate)::bigint)), d, case when n % 8 = 0 then workload.cents(total - paid) * 0.02 else 0 end, workload.co(c), workload.b() + n
from   workload.document
where  kind = 0 and total <> paid;

insert into dbo.custsettlement (transrecid, transdate, offsettransvoucher, accountnum, settleamountcur, settleamountmst, settlementvoucher, transcompany, offsetrecid, duedate, canbereversed, offsetcompany, offsetaccountnum,
                                settlementgroup, createdby, createddatetime, dataareaid, recid)
select workload.b() + n * 2 + p, dp, (case p when 0 then 'CPY' else 'CIV' end) || workload.pad(n, 9), workload.custacc(party), workload.cents(case p when 0 then paid else -paid end),
       workload.cents(case p when 0 then round(paid * rate) else -round(paid * rate) end::bigint), 'CPY' || workload.pad(n, 9), workload.co(c), workload.b() + n * 2 + 1 - p, d + interval '30 days', 1, workload.co(c),
       workload.custacc(party), workload.b() + n, 'Admin', dp, workload.co(c), workload.b() + n * 2 + p
from   workload.document, generate_series(0, 1) p
where  kind = 0 and paid <> 0;

insert into dbo.vendtrans (accountnum, transdate, voucher, invoice, txt, amountcur, settleamountcur, amountmst, settleamountmst, currencycode, duedate, lastsettlevoucher, lastsettledate, closed, transtype, approved,
                           documentnum, documentdate, exchrate, reportingcurrencyamount, postingprofile, tax1099amount, offsetrecid, modifiedby, createdby, createddatetime, modifieddatetime, dataareaid, recid)
select workload.vendacc(party), case p when 0 then d else dp end, (case p when 0 then 'VIV' else 'VPY' end) || workload.pad(n, 9), case p when 0 then 'B/' || workload.r(n, 31) % 1000000 || '-' || n else '' end,
       case when n % 13 = 0 then workload.words(n) else '' end, workload.cents(case p when 0 then -total else paid end), workload.cents(case p when 0 then -paid else paid end),
       workload.cents(case p when 0 then -mtotal else mpaid end), workload.cents(case p when 0 then -mpaid else mpaid end), cur, d + interval '45 days',
       case when paid <> 0 then 'VPY' || workload.pad(n, 9) else '' end, case when paid <> 0 then dp else '1900-01-01' end, case when p = 1 or paid = total then dp else '1900-01-01' end,
       case p when 0 then 3 else 15 end, 1, '', d, rate * 100, workload.cents(workload.reporting(c, case p when 0 then -mtotal else mpaid end)), 'GEN', case when n % 30 = 0 then workload.cents(total) / 3 else 0 end,
       case when paid <> 0 then workload.b() + n * 2 + 1 - p else 0 end, 'Admin', 'Admin', d, case when paid <> 0 then dp else d end, workload.co(c), workload.b() + n * 2 + p
from  (select d.*, round(paid * rate)::bigint as mpaid from workload.document d where kind = 1 offset 0) x, generate_series(0, 1) p
where  p = 0 or paid <> 0;

insert into dbo.vendtransopen (accountnum, amountcur, amountmst, duedate, refrecid, reportingcurrencyamount, transdate, dataareaid, recid)
select workload.vendacc(party), workload.cents(paid - total), workload.cents(round(paid * rate)::bigint - mtotal), d + interval '45 days', workload.b() + n * 2,
       workload.cents(workload.reporting(c, round(paid * rate)::bigint - mtotal)), d, workload.co(c), workload.b() + n
from   workload.document
where  kind = 1 and total <> paid;

insert into dbo.vendsettlement (transrecid, transdate, offsettransvoucher, accountnum, settleamountcur, settleamountmst, settlementvoucher, transcompany, offsetrecid, duedate, canbereversed, offsetcompany, offsetaccountnum,
                                settlementgroup, createdby, createddatetime, dataareaid, recid)
select workload.b() + n * 2 + p, dp, (case p when 0 then 'VPY' else 'VIV' end) || workload.pad(n, 9), workload.vendacc(party), workload.cents(case p when 0 then -paid else paid end),
       workload.cents(case p when 0 then -round(paid * rate) else round(paid * rate) end::bigint), 'VPY' || workload.pad(n, 9), workload.co(c), workload.b() + n * 2 + 1 - p, d + interval '45 days', 1, workload.co(c),
       workload.vendacc(party), workload.b() + n, 'Admin', dp, workload.co(c), workload.b() + n * 2 + p
from   workload.document, generate_series(0, 1) p
where  kind = 1 and paid <> 0;

-- Ledger entries: kind 3 customer invoice, 4 customer payment, 5 vendor bill, 6 vendor payment, 8 general journal. Line amounts in cents:
-- transaction currency and accounting currency; the first line of an invoice is the sum of the others in every currency.
create unlogged table workload.entry as
select 3 + kind * 2 + p as area, n, c, case p when 0 then d else dp end as d, (case kind when 0 then 'C' else 'V' end) || (case p when 0 then 'IV' else 'PY' end) || workload.pad(n, 9) as voucher,
       cur, kind, p, net, tax, mnet, mtax, paid, round(paid * rate)::bigint as mpaid, party % workload.departments() as k
from   workload.document, generate_series(0, 1) p
where  p = 0 or paid <> 0;

insert into dbo.generaljournalentry (accountingdate, fiscalcalendarperiod, ledger, journalnumber, fiscalcalendaryear, subledgervoucher, subledgervoucherdataareaid, documentdate, documentnumber, journalcategory,
                                     createddatetime, createdby, createdtransactionid, recid)
select d, workload.period(d), workload.b() + c, 'JD' || workload.pad(n * 10 + area, 10), workload.b() + extract(year from d)::int - 2022, voucher, workload.co(c), d, case when n % 4 = 0 then 'DOC ' || n else '' end, area,
       d + interval '2 hours', 'Admin', workload.b() + n, workload.b() + area * 1000000000::bigint + n
from   workload.entry;

insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
select voucher, workload.co(c), workload.b() + area * 1000000000::bigint + n, d, workload.b() + area * 1000000000::bigint + n
from   workload.entry;

insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, iscredit, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry, text, paymentreference,
                                            ledgeraccount, createdtransactionid, mainaccount, recid)
select workload.cents(x.cur), workload.cents(x.acc), workload.cents(x.rep), (x.acc < 0)::int, e.cur, x.a, workload.ldim(x.a, e.k), workload.b() + e.area * 1000000000::bigint + e.n,
       case when e.n % 6 = 0 then workload.words(e.n) when e.n % 997 = 1 then repeat(E'ß', 250) else '' end, case when e.p = 1 then 'REF' || e.n else '' end, workload.ldisp(x.a, e.k), workload.b() + e.n,
       case when e.n % 19 = 0 then 0 else workload.b() + x.a end, workload.b() + e.area * 100000000000::bigint + e.n * 32 + x.l
from   workload.entry e,
       lateral (select workload.reporting(e.c, e.mnet) as rnet, workload.reporting(e.c, e.mtax) as rtax, workload.reporting(e.c, e.mpaid) as rpaid) r,
       lateral (select v.* from (values (3, 0, e.net + e.tax, e.mnet + e.mtax, r.rnet + r.rtax, 3::bigint), (3, 1, -e.net, -e.mnet, -r.rnet, 10), (3, 2, -e.tax, -e.mtax, -r.rtax, 8),
                                        (4, 0, e.paid, e.mpaid, r.rpaid, 1), (4, 1, -e.paid, -e.mpaid, -r.rpaid, 3),
                                        (5, 0, e.net, e.mnet, r.rnet, 7), (5, 1, -e.net, -e.mnet, -r.rnet, 6),
                                        (6, 0, e.paid, e.mpaid, r.rpaid, 6), (6, 1, -e.paid, -e.mpaid, -r.rpaid, 1)) v(area, l, cur, acc, rep, a)
                where v.area = e.area) x;

drop table workload.document, workload.entry;

-- General journals: one to three pairs of lines; every twelfth entry reverses its predecessor with the signs of a correction.
create unlogged table workload.journal as
select n, src, sign, c, cur, rate, pairs, layer, case when n % 400 = 7 then 0 else extract(month from d)::int end as month, case when n % 400 = 7 then make_timestamp(extract(year from d)::int, 1, 1, 0, 0, 0) else d end as d
from  (select n, src, (case when n = src then 1 else -1 end) as sign, src % 3 as c, 1 + workload.r(src, 101) % 3 as pairs, case when src % 60 = 0 then 1 when src % 60 = 1 then 2 else 0 end as layer,
              case when src % 10 = 3 then (array['EUR', 'CAD', 'GBP'])[src % 3 + 1] else workload.cur(src) end as cur, case when src % 10 = 3 then 1.0733 else 1 end as rate, workload.day(n * 1060 / workload.journals()) as d
       from  (select n, case when n % 12 = 11 then n - 1 else n end as src from generate_series(0, workload.journals() - 1) n offset 0) a offset 0) b;

insert into dbo.generaljournalentry (accountingdate, fiscalcalendarperiod, postinglayer, ledger, journalnumber, fiscalcalendaryear, subledgervoucher, subledgervoucherdataareaid, documentdate, documentnumber, journalcategory,
                                     acknowledgementdate, createddatetime, createdby, createdtransactionid, recid)
select d, workload.b() + (extract(year from d)::bigint - 2022) * 20 + month, layer, workload.b() + c, 'JG' || workload.pad(n, 10), workload.b() + extract(year from d)::int - 2022, 'GJ' || workload.pad(n, 9), workload.co(c), '1900-01-01',
       '', 0, case when n % 5 = 0 then d else '1900-01-01' end, d + interval '7 hours', 'Admin', workload.b() + n, workload.b() + 8000000000 + n
from   workload.journal;

insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
select 'GJ' || workload.pad(n, 9), workload.co(c), workload.b() + 8000000000 + n, d, workload.b() + 8000000000 + n
from   workload.journal;

insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, iscredit, iscorrection, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry, text,
                                            ledgeraccount, historicalexchangeratedate, createdtransactionid, mainaccount, recid)
select workload.cents(cur * s), workload.cents(acc * s), workload.cents(workload.reporting(c, acc) * s), ((s < 0) <> (sign < 0))::int, (sign < 0)::int, code, 14, workload.ldim(a, k), workload.b() + 8000000000 + n,
       case when n % 3 = 0 then workload.words(n + p) || ' journal' else '' end, workload.ldisp(a, k), case when code <> workload.cur(c) then d else '1900-01-01' end, workload.b() + n, case when n % 19 = 0 then 0 else workload.b() + a end,
       workload.b() + 800000000000 + n * 32 + p * 2 + side
from  (select n, c, d, p, side, sign, cur as code, sign * case side when 0 then 1 else -1 end as s, 100 + workload.r(src * 4 + p, 102) % 900000 as cur, round((100 + workload.r(src * 4 + p, 102) % 900000) * rate)::bigint as acc,
              case side when 0 then 18 + workload.r(src * 4 + p, 103) % (workload.accounts() - 17) else 1 + workload.r(src, 104) % 2 end as a,
              workload.r(src * 4 + p, 105) % workload.departments() as k
       from   workload.journal, generate_series(0, pairs - 1) p, generate_series(0, 1) side offset 0) x;

drop table workload.journal;

-- What a real database has after ten years: references to rows that are gone.
update dbo.generaljournalaccountentry
set    ledgerdimension = 4711, mainaccount = 0
where  recid in (workload.b() + 800000000000 + 32 * 20, workload.b() + 800000000000 + 32 * 20 + 1);
insert into dbo.custtransopen (accountnum, amountcur, amountmst, duedate, refrecid, transdate, dataareaid, recid)
select workload.custacc(n * 3), 12.5, 12.5, workload.day(100), 4712 + n, workload.day(70), 'usmf', workload.b() + 90000000000 + n from generate_series(0::bigint, 1) n;
insert into dbo.vendtransopen (accountnum, amountcur, amountmst, duedate, refrecid, transdate, dataareaid, recid)
values (workload.vendacc(0), -99.95, -99.95, workload.day(100), 4712, workload.day(70), 'usmf', workload.b() + 90000000000);
