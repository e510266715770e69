-- The sample source, part 2: helper functions and master data.
--
-- Every value is a function of (:seed, row number), so that two runs give the same rows whatever the plan. Helpers live in the
-- schema workload, outside the source schema dbo, because workload.sql uses them as well. Numbering: RecIds start at 5637144576
-- as in AX; row i of a company table belongs to company i % 3; account a with dimension k is combination 1000 + 1000 a + k.

create schema workload;

create function workload.r(n bigint, salt int) returns bigint language sql immutable parallel safe
return hashint8extended(n, (:seed)::bigint * 1000003 + salt) & 9223372036854775807;

-- How many rows the sample has. Master data grows with the square root of the scale, documents with the scale.
create function workload.items() returns bigint language sql immutable parallel safe return greatest(150, round(2100 * sqrt(:scale)))::bigint;
create function workload.customers() returns bigint language sql immutable parallel safe return greatest(150, round(2400 * sqrt(:scale)))::bigint;
create function workload.vendors() returns bigint language sql immutable parallel safe return greatest(60, round(400 * sqrt(:scale)))::bigint;
create function workload.stores() returns bigint language sql immutable parallel safe return greatest(3, round(9 * sqrt(:scale)))::bigint;
create function workload.warehouses() returns bigint language sql immutable parallel safe return 2 + (workload.stores() + 2) / 3;
create function workload.dims() returns bigint language sql immutable parallel safe return greatest(100, round(600 * sqrt(:scale)))::bigint;
create function workload.departments() returns bigint language sql immutable parallel safe return greatest(4, round(10 * sqrt(:scale)))::bigint;
create function workload.lots() returns bigint language sql immutable parallel safe return greatest(300, round(6000 * :scale))::bigint;
create function workload.invoices() returns bigint language sql immutable parallel safe return greatest(200, round(3500 * :scale))::bigint;
create function workload.bills() returns bigint language sql immutable parallel safe return greatest(100, round(1600 * :scale))::bigint;
create function workload.journals() returns bigint language sql immutable parallel safe return greatest(200, round(4500 * :scale))::bigint;
create function workload.tickets() returns bigint language sql immutable parallel safe return greatest(400, round(8000 * :scale))::bigint;
create function workload.giftcards() returns bigint language sql immutable parallel safe return greatest(20, round(150 * :scale))::bigint;

-- Names of things.
create function workload.b() returns bigint language sql immutable parallel safe return 5637144576;
create function workload.co(i bigint) returns text language sql immutable parallel safe return (array['usmf', 'usrt', 'demf'])[i % 3 + 1];
create function workload.cur(i bigint) returns text language sql immutable parallel safe return (array['USD', 'USD', 'EUR'])[i % 3 + 1];
create function workload.pad(i bigint, width int) returns text language sql immutable parallel safe return lpad(i::text, width, '0');
create function workload.itemid(i bigint) returns text language sql immutable parallel safe
return 'A' || lpad((i / 3)::text, 6, '0') || (array['', '', '-EA', '', '', '.00', '', ' '])[(i / 3) % 97 % 8 + 1];
create function workload.custacc(i bigint) returns text language sql immutable parallel safe return 'C' || lpad((i / 3)::text, 7, '0');
create function workload.vendacc(i bigint) returns text language sql immutable parallel safe return 'V' || lpad((i / 3)::text, 6, '0');
create function workload.dimid(i bigint) returns text language sql immutable parallel safe
return case when i = 0 then 'AllBlank' else lpad(i::text, 8, '0') || '_068' end;
create function workload.warehouse(w bigint) returns text language sql immutable parallel safe
return case w when 0 then 'DC-EAST' when 1 then 'DC-WEST' else 'W' || lpad(w::text, 4, '0') end;
create function workload.site(w bigint) returns text language sql immutable parallel safe
return case when w < 2 then 'DC' else 'REGION' || w % 3 end;
create function workload.storeno(s bigint) returns text language sql immutable parallel safe return lpad((s + 1)::text, 6, '0');
create function workload.terminal(t bigint) returns text language sql immutable parallel safe return lpad((t + 1)::text, 6, '0');
create function workload.staff(k bigint) returns text language sql immutable parallel safe return lpad((k + 160)::text, 6, '0');
create function workload.day(i bigint) returns timestamp language sql immutable parallel safe
return timestamp '2022-01-03' + make_interval(days => i::int);
create function workload.period(d timestamp) returns bigint language sql immutable parallel safe
return 5637144576 + (extract(year from d)::bigint - 2022) * 20 + extract(month from d)::bigint;
create function workload.accounts() returns bigint language sql immutable parallel safe return 80;
create function workload.account(a bigint) returns text language sql immutable parallel safe
return case when a <= 17 then (array['110110', '110130', '130100', '140100', '140200', '200100', '200140', '222200', '250500', '401100',
                                     '401200', '403300', '510310', '510330', '618900', '130800', '801400'])[a]
            else (600000 + a * 110)::text end;
create function workload.ldim(a bigint, k bigint) returns bigint language sql immutable parallel safe return 5637144576 + 1000 + a * 1000 + k;
create function workload.ldisp(a bigint, k bigint) returns text language sql immutable parallel safe
return workload.account(a) || '-' || lpad(k::text, 3, '0') || (array['', '-Retail', '-Whs-023', ' '])[k % 4 + 1];
create function workload.reporting(company bigint, cents bigint) returns bigint language sql immutable parallel safe
return case company % 3 when 0 then 0 when 1 then round(cents * 0.9184) else round(cents * 1.0873) end::bigint;
create function workload.cents(n bigint) returns numeric language sql immutable parallel safe return n * 0.01;
-- What 16 decimals leave behind in a real database: digits 7 to 16.
create function workload.dirt(n bigint) returns numeric language sql immutable parallel safe return (workload.r(n, 77) % 9999999999) * 0.0000000000000001;
create function workload.itemcost(i bigint) returns bigint language sql immutable parallel safe return 150 + workload.r(i, 41) % 18000;
create function workload.itemprice(i bigint) returns bigint language sql immutable parallel safe return (150 + workload.r(i, 41) % 18000) * 17 / 10;
-- Incompressible text and bytes of 32 n characters or 16 n bytes.
create function workload.noise(n bigint, len bigint) returns text language sql immutable parallel safe
return (select string_agg(md5(n || '/' || x || '/' || :seed), '' order by x) from generate_series(1, len) x);
create function workload.noisebytes(n bigint, len bigint) returns bytea language sql immutable parallel safe
return (select string_agg(decode(md5(n || '*' || x || '*' || :seed), 'hex'), ''::bytea order by x) from generate_series(1, len) x);
create function workload.words(n bigint) returns text language sql immutable parallel safe
return (array['Blue', 'Grand', E'Bäckerei', 'Contoso', E'O''Brien', E'Ελληνικά', E'Łódź', '"Quoted"', E'back\\slash', E'東京', E'Müller & Söhne',
              'North', 'Fabrikam', E'tab\there', E'two\nlines', 'Adventure', E'smørrebrød', E'Ñandú', E'café 😀', 'Wide-World', 'Proseware', 'Northwind'])[workload.r(n, 51) % 22 + 1]
       || ' ' ||
       (array['Ridge', 'Trading', 'Retail', 'GmbH', 'Wholesales', 'Traders', 'Outlet', '100%', 'Sp. z o.o.', 'Ltd.', 'Kettle', 'Cable', 'Speaker',
              'Headset', 'Jacket', 'Toolbox', 'Lamp', E'Kühlschrank', 'Camera'])[workload.r(n, 52) % 19 + 1];

-- Companies, ledgers, calendar, chart of accounts

insert into dbo.partitions (id, name, partitionkey, recid) values (1, 'Initial Partition', 'initial', workload.b());

insert into dbo.dataarea (id, name, timezone, recid)
select x.id, x.name, x.tz, workload.b() + x.n
from   (values (0, 'usmf', 'Contoso Entertainment System USA', 58), (1, 'usrt', 'Contoso Retail USA', 58),
               (2, 'demf', E'Contoso Deutschland – Büro Zürich', 4), (3, 'dat', 'Company accounts data', 0)) x(n, id, name, tz);

insert into dbo.ledger (chartofaccounts, name, description, primaryforlegalentity, fiscalcalendar, accountingcurrency, reportingcurrency, recid)
select workload.b() + 1, upper(workload.co(c)), 'Ledger of ' || workload.co(c), workload.b() + c, workload.b() + 1, workload.cur(c),
       (array['', 'EUR', 'USD'])[c + 1], workload.b() + c
from   generate_series(0::bigint, 2) c;

insert into dbo.fiscalcalendarperiod (startdate, enddate, description, month, quarter, fiscalcalendaryear, shortname, name, type, fiscalcalendar, modifiedby, recid)
select x.s, case m when 0 then x.s when 13 then x.s else x.s + interval '1 month' - interval '1 day' end, '', least(greatest(m, 1), 12),
       (least(greatest(m, 1), 12) - 1) / 3 + 1, workload.b() + y, 'P' || m, 'Period ' || m || ' ' || 2022 + y,
       case m when 0 then 0 when 13 then 2 else 1 end, workload.b() + 1, 'Admin', workload.b() + y * 20 + m
from   generate_series(0, 4) y, generate_series(0, 13) m,
       lateral (select case m when 13 then make_timestamp(2022 + y, 12, 31, 0, 0, 0) else make_timestamp(2022 + y, greatest(m, 1), 1, 0, 0, 0) end) x(s);

insert into dbo.mainaccount (mainaccountid, name, type, accountcategoryref, ledgerchartofaccounts, srucode, monetary, postingtype, recid)
select workload.account(a),
       case when a <= 17 then (array['Bank account', 'Petty cash', 'Accounts receivable', 'Finished goods', 'Goods received, not invoiced', 'Accounts payable',
            'Accrued purchases', 'Sales tax payable', 'Gift card liability', 'Sales revenue', 'Retail revenue', 'Discounts granted', 'Cost of goods sold',
            'Purchase expenditure', 'Rounding differences', 'Card clearing', 'Exchange gain'])[a] else workload.words(a) end,
       case when a <= 9 or a = 16 then 2 else 0 end, a, workload.b() + 1, case when a % 7 = 0 then 'SRU ' else '' end, a % 2, a % 60, workload.b() + a
from   generate_series(1, workload.accounts()) a;

insert into dbo.dimensionattributevaluecombination (displayvalue, mainaccount, accountstructure, ledgerdimensiontype, hash, modifiedby, recid)
select workload.ldisp(a, k), workload.b() + a, workload.b() + 1 + k % 2, 0, decode(md5(workload.ldisp(a, k)), 'hex'), 'Admin', workload.ldim(a, k)
from   generate_series(1, workload.accounts()) a, generate_series(0, workload.departments() - 1) k;

-- Parties, customers, vendors. Party i: customers first, then vendors, then staff.

insert into dbo.dirpartytable (name, namealias, partynumber, knownas, languageid, instancerelationtype, relationtype, gender, birthyear, businessnumber_ca, enterprisenumber,
                               modifiedby, createdby, createddatetime, modifieddatetime, recid)
select case when i % 211 = 3 then rpad(workload.words(i), 100, 'x') else workload.words(i) || ' ' || i end,
       left(workload.words(i), 20), 'P' || workload.pad(i, 9), case when i % 9 = 0 then workload.words(i + 5) || '  ' else '' end,
       (array['en-us', 'en-us', 'de', 'de-at', 'ja'])[workload.r(i, 60) % 5 + 1], x.kind, x.kind,
       case when x.kind = 2975 then i % 3 else 0 end, case when x.kind = 2975 then 1950 + workload.r(i, 61) % 50 else 0 end,
       case when i % 50 = 0 then workload.pad(workload.r(i, 62) % 1000000000, 9) else '' end, case when i % 31 = 0 then 'ENT' || i else '' end,
       'Admin', 'Admin', workload.day(i % 900), workload.day(i % 1000) + interval '9 hours 13 minutes', workload.b() + i
from   generate_series(0, workload.customers() + workload.vendors() + workload.stores() * 6 - 1) i,
       lateral (select case when i % 4 = 0 or i >= workload.customers() + workload.vendors() then 2975 else 2978 end) x(kind);

insert into dbo.custtable (accountnum, invoiceaccount, custgroup, paymtermid, currency, creditmax, pricegroup, taxgroup, memo, party, syncversion, vatnum, cashdisc,
                           inventlocation, inventsiteid, einvoiceeannum, pbacustgroupid, defaultdimension, modifiedby, createddatetime, modifieddatetime, dataareaid, recid)
select workload.custacc(i), case when i % 40 = 0 then workload.custacc(i) else '' end, (array['10', '20', '30', '80', '90 '])[workload.r(i, 63) % 5 + 1],
       (array['Net10', 'Net30 ', 'Net45', 'COD'])[workload.r(i, 64) % 4 + 1], workload.cur(i), workload.cents(workload.r(i, 65) % 10000000),
       (array['', 'R', 'W'])[i % 3 + 1], (array['AVATAX', 'TX ', 'EU-DOM'])[i % 3 + 1],
       case when i % 7 = 0 then left(workload.words(i) || E': calls after 5 p.m., "don''t ring" \\ ', 60) when i % 301 = 5 then repeat(E'ü', 60) else '' end,
       workload.b() + i, i % 17, case when i % 3 = 2 then 'DE' || workload.pad(workload.r(i, 66) % 1000000000, 9) else '' end, case when i % 5 = 0 then '0.5%D10' else '' end,
       workload.warehouse(workload.r(i, 67) % workload.warehouses()), workload.site(workload.r(i, 67) % workload.warehouses()),
       case when i % 13 = 0 then workload.pad(workload.r(i, 68) % 10000000000000, 13) else '' end, case when i % 77 = 0 then 'PBA' else '' end, 0,
       'Admin', workload.day(i % 900), workload.day(i % 1000), workload.co(i), workload.b() + i
from   generate_series(0, workload.customers() - 1) i;

insert into dbo.vendtable (accountnum, invoiceaccount, vendgroup, paymtermid, currency, creditmax, memo, party, vatnum, enterprisenumber, modifiedby,
                           createddatetime, modifieddatetime, dataareaid, recid)
select workload.vendacc(i), '', (array['10', '20', '40 '])[workload.r(i, 70) % 3 + 1], (array['Net30', 'Net60 '])[i % 2 + 1], workload.cur(i),
       workload.cents(workload.r(i, 71) % 90000000), case when i % 11 = 0 then E'tab\tand newline\nin a memo' else '' end,
       workload.b() + workload.customers() + i, case when i % 3 = 2 then 'ATU' || workload.pad(workload.r(i, 72) % 100000000, 8) else '' end,
       case when i % 20 = 0 then 'E' || i else '' end, 'Admin', workload.day(i % 800), workload.day(i % 1000), workload.co(i), workload.b() + i
from   generate_series(0, workload.vendors() - 1) i;

-- Products and items: product p is released to three companies as items 3 p, 3 p + 1, 3 p + 2.

insert into dbo.ecoresproduct (displayproductnumber, searchname, producttype, productmaster, instancerelationtype, relationtype, retaitotalweight, modifiedby, recid)
select workload.itemid(p * 3), left(workload.words(p), 20), case when p % 40 = 0 then 2 else 1 end, case when p % 5 = 0 then workload.b() + p else 0 end,
       case when p % 5 = 0 then 3266 else 3265 end, case when p % 5 = 0 then 3266 else 3265 end, workload.cents(workload.r(p, 73) % 5000) / 3, 'Admin', workload.b() + p
from   generate_series(0, (workload.items() + 2) / 3 - 1) p;

insert into dbo.ecoresproducttranslation (description, name, product, languageid, modifiedby, recid)
select case when workload.r(p * 2 + l, 74) % 100 < 3 then workload.noise(p * 2 + l, 280 + workload.r(p, 75) % 300)
            when workload.r(p * 2 + l, 74) % 100 < 12 then repeat(workload.words(p) || E'. It''s \\ "good"; ', (100 + workload.r(p, 76) % 300)::int)
            when workload.r(p * 2 + l, 74) % 100 < 20 then ''
            else workload.words(p) || ', ' || workload.words(p + 1) || E'\n' || workload.noise(p, workload.r(p, 75) % 12 + 1) end,
       left(workload.words(p) || ' ' || p, 60), workload.b() + p, (array['en-us', 'de'])[l + 1], 'Admin', workload.b() + p * 2 + l
from   generate_series(0, (workload.items() + 2) / 3 - 1) p, generate_series(0, 1) l;

insert into dbo.inventtable (itemid, itemtype, netweight, depth, width, height, unitvolume, primaryvendorid, namealias, itembuyergroupid, costgroupid, product,
                             standardpalletquantity, qtyperlayer, minimumpalletquantity, wmspallettypeid, itemtagginglevel, pallettagging, pbaitemconfigurable,
                             intracode, origcountryregionid, standardinventcolorid, defaultdimension, taxpackagingqty, salespercentmarkup, density,
                             modifiedby, createdby, createddatetime, modifieddatetime, dataareaid, recid)
select workload.itemid(i), case when i / 3 % 40 = 0 then 2 else 0 end, (workload.r(i, 80) % 100000) / 7.0, workload.cents(workload.r(i, 81) % 10000), workload.cents(workload.r(i, 82) % 10000),
       workload.cents(workload.r(i, 83) % 10000), (workload.r(i, 84) % 1000) / 3.0, workload.vendacc(workload.r(i, 85) % workload.vendors()), left(workload.words(i / 3), 20),
       (array['AUDIO', 'TV ', 'PHONE', 'TOYS'])[workload.r(i, 86) % 4 + 1], (array['M1', 'M2 '])[i % 2 + 1], workload.b() + i / 3, 40, 10, 1, case when i % 6 = 0 then 'EUR-PAL' else '' end,
       case when i % 30 = 0 then 1 else 0 end, case when i % 30 = 1 then 1 else 0 end, case when i % 60 = 0 then 1 else 0 end,
       workload.pad(workload.r(i, 87) % 100000000, 8), (array['USA', 'CHN', 'DEU', ''])[workload.r(i, 88) % 4 + 1], case when i % 5 = 0 then 'BLK' else '' end, 0, 0.3333333333333333, 12.3456789012345678, 1.0000001,
       'Admin', 'Admin', workload.day(i % 700), workload.day(i % 1000), workload.co(i), workload.b() + i
from   generate_series(0, workload.items() - 1) i;

insert into dbo.inventtablemodule (itemid, moduletype, unitid, price, priceunit, taxitemgroupid, linedisc, markup, pricedate, priceqty, overdeliverypct, modifiedby, createddatetime, modifieddatetime, dataareaid, recid)
select workload.itemid(i), m, (array['ea', 'ea', 'pcs', 'Pal '])[workload.r(i, 90) % 4 + 1],
       case m when 0 then workload.cents(workload.itemcost(i)) when 1 then workload.cents(workload.itemcost(i)) + workload.dirt(i) else workload.cents(workload.itemprice(i)) end,
       1, case when i / 3 % 10 = 3 then 'EXEMPT' else 'FULL' end, '', case when m = 2 then (workload.r(i, 91) % 500) / 300.0 else 0 end, workload.day(workload.r(i, 92) % 900), 1, 10,
       'Admin', workload.day(i % 700), workload.day(i % 1000), workload.co(i), workload.b() + i * 3 + m
from   generate_series(0, workload.items() - 1) i, generate_series(0, 2) m;

-- Sites, warehouses, inventory dimensions

insert into dbo.inventsite (siteid, name, timezone, dataareaid, recid)
select s.id, s.id || ' of ' || workload.co(c), 4, workload.co(c), workload.b() + c * 10 + s.n
from   generate_series(0::bigint, 2) c, (values (0, 'DC'), (1, 'REGION0'), (2, 'REGION1'), (3, 'REGION2')) s(n, id);

insert into dbo.inventlocation (inventlocationid, name, inventsiteid, inventlocationtype, fshstore, wmslocationiddefaultreceipt, rbodefaultwmspalletid, usewmsorders, maxpickingroutevolume,
                                retailweightex1, modifiedby, createdby, dataareaid, recid)
select workload.warehouse(w), case when w < 2 then 'Distribution centre ' else E'Filiale ' end || w, workload.site(w), 0, case when w < 2 then 0 else 1 end, 'RECV',
       case when w = 0 then 'PAL000001' else '' end, case when w = 0 then 1 else 0 end, w * 1.23456789, 0.3333333333333333, 'Admin', 'Admin', workload.co(c), workload.b() + w * 3 + c
from   generate_series(0::bigint, 2) c, generate_series(0, workload.warehouses() - 1) w;

-- Dimension i of a company: 0 blank; 1 .. dims()-1 storage dimensions; every 25th has a twin at dims() + i / 25 that differs only in its
-- pallet (version N has no pallets: the two become one); then 24 product dimensions (colour x size) without pallets.
insert into dbo.inventdim (inventdimid, inventsiteid, inventlocationid, wmslocationid, inventbatchid, inventserialid, configid, inventsizeid, inventcolorid, inventstyleid, licenseplateid,
                           inventstatusid, wmspalletid, sha1hash, modifiedby, createddatetime, modifieddatetime, dataareaid, recid)
select d.id, d.site, d.whs, d.loc, d.batch, d.serial, d.config, d.size, d.color, d.style, d.lp, d.status, d.pallet,
       substring(sha256(convert_to(concat_ws('|', d.site, d.whs, d.loc, d.batch, d.serial, d.config, d.size, d.color, d.style, d.lp, d.status, d.pallet), 'UTF8')) for 20),
       'Admin', workload.day(d.i % 900), workload.day(d.i % 900), workload.co(d.c), workload.b() + d.i * 3 + d.c
from  (select x.c, x.i, workload.dimid(x.i) as id, case when x.s then workload.site(w.w) else '' end as site, case when x.s then workload.warehouse(w.w) else '' end as whs,
              case when x.s and x.f % 10 > 4 then 'L' || x.f when x.s and x.f % 3 = 0 then 'BULK' else '' end as loc,
              case when x.s and x.f % 10 < 4 then 'B' || workload.pad(x.f, 6) || case when x.f % 20 = 1 then E'-ä ' else '' end else '' end as batch,
              case when x.s and x.f % 10 = 4 then 'SN/' || x.f || E'\\' else '' end as serial,
              case when x.s and x.f % 6 = 0 then 'HD' else '' end as config,
              case when x.p then (array['S', 'M', 'L', 'XL'])[x.i % 4 + 1] when x.s and x.f % 5 = 2 then 'M' else '' end as size,
              case when x.p then (array['BLK', 'WHT', 'RED', 'BLU', 'GRN', E'GRÜ'])[x.i / 4 % 6 + 1] when x.s and x.f % 5 = 2 then 'BLK' else '' end as color,
              case when x.s and x.f % 50 = 7 then 'FORMAL' else '' end as style,
              case when x.s and x.f % 90 = 8 then 'LP' || x.f else '' end as lp, case when x.s and x.f % 12 = 6 then 'Blocking' else '' end as status,
              case when x.t then 'PAL' || workload.pad(x.i, 9) when x.s and x.f % 50 = 25 then 'PAL' || workload.pad(x.f, 9) else '' end as pallet
       from  (select c, i, i > 0 and i < workload.dims() + (workload.dims() - 1) / 25 + 1 as s, i >= workload.dims() and i < workload.dims() + (workload.dims() - 1) / 25 + 1 as t,
                     i >= workload.dims() + (workload.dims() - 1) / 25 + 1 as p,
                     case when i > workload.dims() then (i - workload.dims()) * 25 else i end as f
              from   generate_series(0::bigint, 2) c, generate_series(0, workload.dims() + (workload.dims() - 1) / 25 + 24) i
              where  i <> workload.dims() offset 0) x,
             lateral (select workload.r(x.f * 3 + x.c, 95) % workload.warehouses()) w(w) offset 0) d;

insert into dbo.wmspallet (wmspalletid, inventlocationid, wmslocationid, inventsiteid, wmspallettypeid, barcode, weight, createddatetime, dataareaid, recid)
select d.wmspalletid, d.inventlocationid, d.wmslocationid, d.inventsiteid, 'EUR-PAL', '00' || d.wmspalletid, 12.5, d.createddatetime, d.dataareaid, d.recid
from   dbo.inventdim d
where  d.wmspalletid <> '';

-- First product dimension of a company, for variants.
create function workload.productdim(k bigint) returns text language sql immutable parallel safe
return workload.dimid(workload.dims() + (workload.dims() - 1) / 25 + 1 + k % 24);

insert into dbo.inventdimcombination (itemid, inventdimid, distinctproductvariant, retailvariantid, createddatetime, dataareaid, recid)
select workload.itemid(i), workload.productdim(i + k * 7), workload.b() + i * 3 + k, workload.pad(i * 3 + k, 6), workload.day(i % 700), workload.co(i), workload.b() + i * 3 + k
from   generate_series(0, workload.items() - 1) i, generate_series(0, 2) k
where  i / 3 % 5 = 0;

insert into dbo.inventitembarcode (itembarcode, itemid, inventdimid, barcodesetupid, useforprinting, useforinput, description, qty, unitid, retailvariantid, modifiedby, modifieddatetime, dataareaid, recid)
select case when i % 70 = 9 then rpad('GS1-' || i, 80, '7') else '40' || workload.pad(i * 2 + k, 11) end, workload.itemid(i), case when i / 3 % 5 = 0 then workload.productdim(i) else 'AllBlank' end,
       (array['EAN13', 'CODE39 '])[k::int + 1], 1, 1, left(workload.words(i), 60), 1, (array['ea', 'pcs'])[k::int + 1], '', 'Admin', workload.day(i % 1000), workload.co(i), workload.b() + i * 2 + k
from   generate_series(0, workload.items() - 1) i, generate_series(0::bigint, 1) k
where  k = 0 or i % 5 = 0;

insert into dbo.pricedisctable (itemcode, accountcode, itemrelation, accountrelation, quantityamountfrom, quantityamountto, fromdate, todate, amount, currency, percent1, priceunit, relation, unitid, module,
                                inventdimid, modifieddatetime, dataareaid, recid)
select 0, case k when 0 then 2 else 1 end, workload.itemid(i), (array['', 'R', 'W'])[k + 1], k * 10, 0, workload.day(workload.r(i, 97) % 700), case when i % 3 = 0 then workload.day(1090) else '1900-01-01' end,
       workload.cents(workload.itemprice(i) * (100 - k * 4) / 100), workload.cur(i), case when k = 2 then 3.3333333333333333 else 0 end, 1, 4, 'ea', 1,
       case when i / 3 % 5 = 0 and k = 0 then workload.productdim(i) else 'AllBlank' end, workload.day(i % 1000), workload.co(i), workload.b() + i * 3 + k
from   generate_series(0, workload.items() - 1) i, generate_series(0, 2) k
where  k < 2 or i % 4 = 0;

-- Channels, stores, terminals, tenders, staff: store s belongs to company s % 3 and owns terminals 3 s .. 3 s + 2 and staff 6 s .. 6 s + 5.

insert into dbo.retailchanneltable (channeltimezone, channeltimezoneinfoid, channeltype, currency, defaultcustaccount, defaultcustdataareaid, instancerelationtype, relationtype, inventlocation,
                                    inventlocationdataareaid, omoperatingunitid, priceincludessalestax, transactionserviceprofile, recid)
select (array[58, 58, 4])[s % 3 + 1], (array['Eastern Standard Time', 'Pacific Standard Time', 'W. Europe Standard Time', '', 'GMT Standard Time'])[s % 5 + 1], 0, workload.cur(s), workload.custacc(s % 3),
       workload.co(s), 5003, 5003, workload.warehouse(2 + s / 3), workload.co(s), workload.b() + 100 + s, 0, 'Default', workload.b() + 1000 + s
from   generate_series(0, workload.stores() - 1) s;

insert into dbo.retailstoretable (storenumber, culturename, databasename, functionalityprofile, inventlocationidforcustomerorder, maxroundingamount, maxshiftdifferenceamount, maximumpostingdifference, openfrom, opento,
                                  phone, sqlservername, statementmethod, taxgroup, taxgroupdataareaid, taxidentificationnumber, servicechargepct, recid)
select workload.storeno(s), (array['en-us', 'en-us', 'de'])[s % 3 + 1], 'StoreDB' || s, 'Default', workload.warehouse(2 + s / 3), 0.05, 10, 0.5, 32400, 72000, '+49 89 ' || 100000 + s, 'SRV-' || s || E'\\SQLEXPRESS', 2,
       (array['AVATAX', 'TX', 'EU-DOM'])[s % 3 + 1], workload.co(s), 'TAX ' || s, 2.3333333333333333, workload.b() + 1000 + s
from   generate_series(0, workload.stores() - 1) s;

insert into dbo.retailterminaltable (terminalid, name, storerecid, hardwareprofile, visualprofile, layoutid, eftterminalid, statementmethod, modifieddatetime, recid)
select workload.terminal(t), 'Register ' || t % 3 + 1 || ' of ' || workload.storeno(t / 3), workload.b() + 1000 + t / 3, 'HW' || workload.pad(t % 4 + 1, 3), 'Default', 'LAYOUT' || t % 2, 'EFT' || workload.pad(t, 5), 1, workload.day(t % 500),
       workload.b() + t
from   generate_series(0, workload.stores() * 3 - 1) t;

insert into dbo.retailhardwareprofile (profileid, name, drawer, printer, eftconnectorname, eftconnectorproperties, logobitmap, drawerdevicename, displayclosedline1, modifieddatetime, recid)
select 'HW' || workload.pad(h, 3), 'Hardware ' || h, 1, 1, 'Dynamics Online', repeat('<property name="key' || h || E'" value="\\\\server\\share"/>\n', 400), workload.noisebytes(h, 1200 + h * 50), repeat('D', 512), E'Kasse geschlossen – "bitte" \\ ',
       workload.day(h), workload.b() + h
from   generate_series(1::bigint, 4) h;

insert into dbo.retailstafftable (staffid, nameonreceipt, password, passworddata, employmenttype, culturename, image, blocked, modifieddatetime, recid)
select workload.staff(k), left(workload.words(k), 15), '', upper(encode(sha256(convert_to(workload.staff(k) || 'pos' || workload.staff(k) || :'staff_site_salt', 'UTF8')), 'hex')), case when k % 6 = 0 then 1 else 0 end, 'en-us',
       case when k % 10 = 0 then repeat(E'\\\\share\\images\\', 100) else '' end, case when k % 29 = 11 then 1 else 0 end, workload.day(k % 900), workload.b() + k
from   generate_series(0, workload.stores() * 6 - 1) k;

-- Workers: the password of worker 000160 is pos000160, and so on. The first of the six of a store is its manager, who may reset
-- passwords and manage devices. Each store has an address book of its workers.

insert into dbo.hcmworker (person, personnelnumber, createddatetime, modifieddatetime, recid)
select workload.b() + workload.customers() + workload.vendors() + k, workload.staff(k), workload.day(k % 900), workload.day(k % 900), workload.b() + k
from   generate_series(0, workload.stores() * 6 - 1) k;

insert into dbo.hcmpositionworkerassignment (position, worker, validfrom, validto, recid)
select workload.b() + 500 + k, workload.b() + k, workload.day(k % 900), timestamp '2154-12-31', workload.b() + k
from   generate_series(0, workload.stores() * 6 - 1) k;

insert into dbo.retailpositionpospermission (position, name, allowpasswordchange, allowresetpassword, managedevice, managerprivileges, allowmultiplelogins, maximumdiscountpct, maxtotalreturnamount, recid)
select workload.b() + 500 + k, case when k % 6 = 0 then 'Manager' else 'Cashier' end, 1, (k % 6 = 0)::int, (k % 6 = 0)::int, (k % 6 = 0)::int, (k % 6 = 0)::int, case when k % 6 = 0 then 100 else 12.5 end, 500, workload.b() + k
from   generate_series(0, workload.stores() * 6 - 1) k;

insert into dbo.diraddressbookparty (addressbook, party, recid)
select workload.b() + 9000 + k / 6, workload.b() + workload.customers() + workload.vendors() + k, workload.b() + k
from   generate_series(0, workload.stores() * 6 - 1) k;

insert into dbo.retailstoreaddressbook (addressbook, addressbooktype, storerecid, recid)
select workload.b() + 9000 + s, 1, workload.b() + 1000 + s, workload.b() + s
from   generate_series(0, workload.stores() - 1) s;

insert into dbo.retaildevice (deviceid, description, terminal, activationstatus, activateddatetime, type, modifieddatetime, recid)
select 'DEV-' || workload.terminal(t), 'Device of ' || workload.terminal(t), workload.terminal(t), case when t % 3 = 2 then 1 else 2 end, case when t % 3 = 2 then '1900-01-01' else workload.day(t % 500) end, workload.b() + 1,
       workload.day(t % 500), workload.b() + t
from   generate_series(0, workload.stores() * 3 - 1) t;

insert into dbo.retailstoretendertypetable (tendertypeid, name, channel, function, rounding, roundingmethod, posoperation, countingrequired, maxcountingdifference, opendrawer, dataareaid, recid)
select x.id, x.name, workload.b() + 1000 + s, x.fn, case when x.id = '1' and s % 3 = 2 then 0.05 else 0.01 end, 0, x.op, 1, 5, case when x.id = '1' then 1 else 0 end, workload.co(s), workload.b() + s * 10 + x.n
from   generate_series(0, workload.stores() - 1) s,
       (values (1, '1', 'Cash', 0, 200), (2, '2', E'Check\tpaper', 0, 204), (3, '3', E'Kärtchen "Cards"', 1, 201), (4, '8', 'Gift card', 0, 214)) x(n, id, name, fn, op);

insert into dbo.retailsharedparameters (key_, localstoreid, staffpasswordhash, tspasswordencryption, eftpasswordencryption, devicetokenalgorithm, transactionserviceprofile, recid)
values (0, '000001', 'SHA256', 'SHA256', 'TripleDES', 'AES', 'Default', workload.b());

-- The real-time service that the stores call, and the addresses that a channel knows: in many installations plain http inside
-- the store's own network.
insert into dbo.retailtransactionserviceprofile (profileid, name, centraltableserver, centraltableserverport, language, protocol, reportexecutiontimeout, serverservicename, servercertificatedns, transferfilechunksize, recid)
values ('Default', 'Real-time service', 'srv-rts', '8017', 'en-us', 1, 60, 'Real-timeServiceAX63', 'srv-rts.example.com', 64, workload.b() + 1);

insert into dbo.retailchannelprofile (channelprofiletype, name, recid) values (0, 'Stores', workload.b() + 1), (0, 'Stores with hardware stations', workload.b() + 2);

insert into dbo.retailchannelprofileproperty (channelprofile, key_, value, recid)
select workload.b() + p, k, case k when 1 then 'http://srv-' || p || ':35080/RetailServer/v1' else 'https://hws-' || p || '.example.com:8443/HardwareStation?store=%C3%A4&x=1' end, workload.b() + p * 10 + k
from   generate_series(1::bigint, 2) p, generate_series(1, 2) k;

insert into dbo.retailbuttongrid (buttongridid, name, defaultcolor, defaultfontsize, font, spacebetweenbuttons, recid)
select 'GRID' || g, 'Buttons ' || g, 16711680 + g, 11 + g, E'Segoe UI', g, workload.b() + g
from   generate_series(0, 2) g;

insert into dbo.retailtilllayout (layoutid, name, width, height, layoutxml, layoutxmlportrait, receiptid, totalid, recid)
select 'LAYOUT' || l, 'Layout ' || l, 1024 + 342 * l, 768, '<layout>' || repeat('<zone id="numpad" x="3" y="17" width="212" height="' || 337 + l || E'"/>\n', 300) || '</layout>',
       '<layout><zone id="numpad" height="' || 411 + l || '"/></layout>', 'R' || l, 'T' || l, workload.b() + l
from   generate_series(0, 1) l;

insert into dbo.retailchannelreport (reportid, reportname, reportdefinitionxml, recid)
values ('SALES', 'Sales by register', E'<RetailReport><Title>Umsätze "heute" \\ gestern</Title><DataSet>select 1 as x</DataSet></RetailReport>', workload.b() + 1);

insert into dbo.retailgiftcardtable (entryid, currencycode, reserved, reservedbychannel, reservedbyterminalid, dataareaid, recid)
select 'GC' || workload.pad(g, 9), workload.cur(g), case when g % 40 = 3 then 1 else 0 end, 0, '', workload.co(g), workload.b() + g
from   generate_series(0, workload.giftcards() - 1) g;

insert into dbo.retailcreditvouchertable (entryid, amount, currencycode, createdinstoreid, createdbyterminalid, transdate, applied, appliedamount, applieddate, dataareaid, recid)
select 'CV' || workload.pad(v, 8), workload.cents(500 + workload.r(v, 82) % 9000), workload.cur(v), workload.storeno(v % workload.stores()), workload.terminal(v % workload.stores() * 3), workload.day(v % 900), (v % 4 = 3)::int,
       case when v % 4 = 3 then workload.cents(500 + workload.r(v, 82) % 9000) else 0 end, case when v % 4 = 3 then workload.day(v % 900 + 5) else '1900-01-01' end, workload.co(v), workload.b() + v
from   generate_series(0::bigint, 23) v;

insert into dbo.retailloyaltyrewardpoint (rewardpointid, rewardpointtype, redeemable, redeemranking, rewardpointcurrency, recid)
values ('POINTS', 0, 1, 1, '', workload.b() + 1), ('STARS', 0, 0, 2, '', workload.b() + 2);

insert into dbo.retailloyaltycard (cardnumber, cardtendertype, party, recid)
select 'LOY' || workload.pad(l, 8), 0, case when l % 3 = 0 then workload.b() + l else 0 end, workload.b() + l
from   generate_series(0::bigint, 39) l;

insert into dbo.retailloyaltycardrewardpointtrans (cardnumber, entrydate, entrytype, expirationdate, rewardpoint, rewardpointamountqty, receiptid, storeid, loyaltytransdataareaid, channel, recid)
select 'LOY' || workload.pad(l, 8), workload.day(l * 7 + e), case when e = 2 then 2 else 1 end, timestamp '2154-12-31', workload.b() + 1, case when e = 2 then -40 else 100 + l end, 'R' || l || e, workload.storeno(l % workload.stores()),
       workload.co(l % workload.stores()), workload.b() + 1000 + l % workload.stores(), workload.b() + l * 4 + e
from   generate_series(0::bigint, 39) l, generate_series(0::bigint, 2) e;

insert into dbo.salestable (salesid, salesname, custaccount, invoiceaccount, currencycode, salesstatus, documentstatus, deliverydate, retailchanneltable, customerref, languageid, createddatetime, modifieddatetime, createdby,
                            modifiedby, dataareaid, recid)
select 'SO' || workload.pad(o, 9), workload.words(o), workload.custacc(c.i), workload.custacc(c.i), workload.cur(c.i), 1 + o % 4, 0, workload.day(o % 900 + 7), workload.b() + 1000 + o % workload.stores(), 'REF' || o, 'en-us',
       workload.day(o % 900), workload.day(o % 900 + 1), 'Admin', 'Admin', workload.co(c.i), workload.b() + o
from   generate_series(0::bigint, 59) o,
       lateral (select workload.r(o, 83) % workload.customers() as i) c;

-- System

insert into dbo.numbersequencetable (numbersequence, txt, format, annotatedformat, lowest, highest, nextrec, cleaninterval, latestcleandatetime, fetchahead, fetchaheadqty, recid)
select x.s || '_' || c, x.t, x.f || '#########', x.f || '#########', 1, 999999999, 100000000, 24.3333333333333333, workload.day(900), 1, 10, workload.b() + c * 20 + x.n
from   generate_series(0::bigint, 2) c,
       (values (1, 'Sale_10', 'Sales order', 'SO'), (2, 'Purc_10', 'Purchase order', 'PO'), (3, 'Ledg_20', 'Journal number', 'JN'), (4, 'Cust_1', 'Customer account', 'C'),
               (5, 'Inve_6', 'Lot ID', 'LOT'), (6, 'Reta_3', 'Statement voucher', 'RS')) x(n, s, t, f);

insert into dbo.systemsequences (id, nextval, minval, maxval, cycle, name, tabid, dataareaid, recid)
select -1, workload.b() + 20000000000, 1, 9223372036854775807, 0, 'SEQNO', t, 'dat', workload.b() + t from generate_series(10, 69) t;

insert into dbo.sysconfig (configtype, id, value, recid)
select t, i, 'value ' || i || case when i = 3 then E' \\ "x" ' else '' end, workload.b() + t * 100 + i from generate_series(1, 2) t, generate_series(1, 30) i;

insert into dbo.sqlsystemvariables (parm, value) values ('SHADOWCOPYSIZE', 20480), ('SHADOWCOPYREALSCALECHANGELIMIT', 1), ('CONFIGURATIONMODE', 1), ('SYSTABVERSION', 63);

insert into dbo.sysuserlog (userid, computername, logindatetime, logoutdatetime, sessiontype, terminatedok, message)
select (array['Admin', 'bsmith', 'jdoe', E'mütze'])[workload.r(n, 110) % 4 + 1], 'AOS-' || n % 3, workload.day(n % 1000) + interval '8 hours', workload.day(n % 1000) + interval '17 hours', n % 4, 1,
       case when n % 100 = 0 then workload.noise(n, 40) else 'ok' end
from   generate_series(1, greatest(200, round(1500 * :scale)::bigint)) n;

-- Tables of features that version N no longer has

insert into dbo.emsmeter (meterid, description, metertype, startdate, dataareaid, recid)
select 'METER' || m, workload.words(m), m % 3, workload.day(m), workload.co(m), workload.b() + m from generate_series(0::bigint, 11) m;

insert into dbo.emsmeterreading (meter, readingdatetime, readingvalue, consumption, dataareaid, recid)
select workload.b() + n % 12, workload.day(n / 12) + make_interval(hours => (n % 24)::int), n * 1.5 + workload.dirt(n), 1.5 + workload.dirt(n), workload.co(n % 12), workload.b() + n
from   generate_series(0, greatest(300, round(4000 * :scale)::bigint)) n;

insert into dbo.pbatable (pbaid, name, itemid, activeversion, rulescript, createdby, dataareaid, recid)
select 'PBA' || workload.pad(n, 5), workload.words(n), workload.itemid(n * 3), 1, repeat('if (colour == "red") { price += 3; }' || E'\n', 300) || workload.noise(n, 30), 'Admin', workload.co(n), workload.b() + n
from   generate_series(0::bigint, 24) n;

insert into dbo.hcmpayrollline (worker, payrollcategory, validfrom, validto, amount, currencycode, dataareaid, recid)
select workload.b() + n % 40, workload.b() + n % 5, workload.day(n), workload.day(1090), 2500 + workload.dirt(n), 'USD', 'usmf', workload.b() + n from generate_series(0::bigint, 199) n;

-- A trigger that somebody wrote years ago; it names a column that version N drops.
create function dbo.legacy_default_pallet() returns trigger language plpgsql as $$
begin
    if new.rbodefaultwmspalletid is null then
        new.rbodefaultwmspalletid := '';
    end if;
    return new;
end $$;

create trigger legacy_default_pallet before update on dbo.inventlocation for each row execute function dbo.legacy_default_pallet();
