-- The live headquarters: transactions that a driver runs on the sample source while it is upgraded.
--
-- A transaction is begin(), its parts, and commit or rollback as finish() says. What it does follows from (writer, step, seed) alone, but for
-- the numbers it draws from sequences and the rows that other writers left. Every law that holds before a transaction holds after it.
-- Locks are taken in one order (documents, then shift, then on-hand, then number sequence), so that writers rarely deadlock.

create schema if not exists workload;

-- A transaction owns 1,024 numbers. New rows get RecIds from 9,000,000,000 above the base on.
create sequence workload.id increment 1024 minvalue 1024 cache 1;
create sequence workload.counter minvalue 100000000;

-- Dimensions and campaigns that the workload made and may rename or delete.
create table workload.spare (dataareaid text, inventdimid text, itemid text, primary key (dataareaid, inventdimid));
create table workload.campaign (id bigint primary key);

create function workload.h(writer int, step bigint, seed bigint, salt int) returns bigint language sql immutable parallel safe
return hashint8extended(step * 4096 + writer, seed * 7919 + salt) & 9223372036854775807;
create function workload.recid(n bigint) returns bigint language sql immutable parallel safe return 5637144576 + 9000000000 + n;
create function workload.today(step bigint) returns timestamp language sql immutable parallel safe return workload.day(1063 + step / 500 % 28);

-- Posts a balanced entry: amounts in cents of all lines but the last, which takes the rest.
create function workload.post(id bigint, company bigint, code text, d timestamp, k bigint, accounts bigint[], cents bigint[], correction int) returns void language plpgsql as $$
declare
    voucher text := code || lpad((id / 1024)::text, 12, '0');
    entry   bigint := workload.recid(id);
begin
    insert into dbo.generaljournalentry (accountingdate, fiscalcalendarperiod, ledger, journalnumber, fiscalcalendaryear, subledgervoucher, subledgervoucherdataareaid, documentdate, journalcategory, createddatetime, createdby, recid)
    values (d, workload.period(d), workload.b() + company, 'W' || id / 1024, workload.b() + extract(year from d)::int - 2022, voucher, workload.co(company), d, 9, d + interval '1 hour', 'wl', entry);
    insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
    values (voucher, workload.co(company), entry, d, entry);
    insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, iscredit, iscorrection, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry,
                                                text, ledgeraccount, mainaccount, recid)
    select amount * 0.01, amount * 0.01, rep * 0.01, ((amount < 0) <> (correction = 1))::int, correction, workload.cur(company), 14, workload.ldim(a, k), entry,
           case when n % 5 = 0 then workload.words(id) else '' end, workload.ldisp(a, k), case when id / 1024 % 19 = 0 then 0 else workload.b() + a end, workload.recid(id + n)
    from  (select n, a, case when n = count(*) over () then -(sum(coalesce(c, 0)) over ()) else c end::bigint as amount,
                  case when n = count(*) over () then -(sum(workload.reporting(company, coalesce(c, 0))) over ()) else workload.reporting(company, c) end::bigint as rep
           from   unnest(accounts, cents) with ordinality x(a, c, n)) l;
end $$;

-- Adds to an on-hand row, or makes it.
create function workload.onhand(company text, item text, dim text, d timestamp, dposted numeric, dvalue numeric, dreceived numeric, dregistered numeric, darrived numeric, dordered numeric, ddeducted numeric, dpicked numeric,
                                dreservphysical numeric, dreservordered numeric, donorder numeric, dphysicalvalue numeric, id bigint) returns void language plpgsql as $$
declare
    phys numeric := dposted + dreceived + dregistered - ddeducted - dpicked;
begin
    insert into dbo.inventsum as s (dataareaid, itemid, inventdimid, postedqty, postedvalue, received, registered, arrived, ordered, deducted, picked, reservphysical, reservordered, onorder, physicalvalue, physicalinvent,
                                    availphysical, availordered, lastupddatephysical, modifieddatetime, recid)
    values (company, item, dim, dposted, dvalue, dreceived, dregistered, darrived, dordered, ddeducted, dpicked, dreservphysical, dreservordered, donorder, dphysicalvalue, phys, phys - dreservphysical,
            phys - dreservphysical + dordered + darrived - dreservordered - donorder, d, d, workload.recid(id))
    on conflict (dataareaid, itemid, inventdimid) do update
    set    postedqty = s.postedqty + dposted, postedvalue = s.postedvalue + dvalue, received = s.received + dreceived, registered = s.registered + dregistered, arrived = s.arrived + darrived, ordered = s.ordered + dordered,
           deducted = s.deducted + ddeducted, picked = s.picked + dpicked, reservphysical = s.reservphysical + dreservphysical, reservordered = s.reservordered + dreservordered, onorder = s.onorder + donorder,
           physicalvalue = s.physicalvalue + dphysicalvalue, physicalinvent = s.physicalinvent + phys, availphysical = s.availphysical + phys - dreservphysical,
           availordered = s.availordered + phys - dreservphysical + dordered + darrived - dreservordered - donorder, closed = 0, closedqty = 0, lastupddatephysical = d, modifieddatetime = d;
end $$;

-- Writes the stock transaction, its origin and its posting of a receipt (qty > 0) or an issue, financially updated.
create function workload.stock(id bigint, it bigint, dim text, d timestamp, qty numeric, cost numeric) returns void language plpgsql as $$
declare
    company text := workload.co(it);
    voucher text := 'WS' || lpad((id / 1024)::text, 12, '0');
begin
    insert into dbo.inventtransorigin (inventtransid, referencecategory, referenceid, itemid, iteminventdimid, party, createddatetime, modifieddatetime, createdby, dataareaid, recid)
    values ('WL' || id / 1024, case when qty > 0 then 3 else 0 end, 'W' || id / 1024, workload.itemid(it), 'AllBlank', workload.b(), d, d, 'wl', company, workload.recid(id));
    insert into dbo.inventtrans (itemid, statusissue, statusreceipt, qty, datephysical, datefinancial, dateexpected, dateinvent, datestatus, costamountposted, costamountphysical, valueopen, currencycode, invoiceid, voucher,
                                 packingslipid, voucherphysical, inventdimid, inventtransorigin, modifieddatetime, createddatetime, modifiedby, dataareaid, recid)
    values (workload.itemid(it), (qty < 0)::int, (qty > 0)::int, qty, d, d, d, d, d, cost, cost, 1, workload.cur(it), voucher, voucher, voucher, voucher, dim, workload.recid(id), d, d, 'wl', company, workload.recid(id));
    insert into dbo.inventtransposting (itemid, transdate, voucher, postingtype, postingtypeoffset, inventtranspostingtype, isposted, inventtransorigin, ledgerdimension, offsetledgerdimension, transbegintime, dataareaid, recid)
    values (workload.itemid(it), d, voucher, case when qty > 0 then 61 else 62 end, 71, 1, 1, workload.recid(id), workload.ldim(4, it % workload.departments()),
            workload.ldim(case when qty > 0 then 7 else 13 end, it % workload.departments()), d, company, workload.recid(id));
end $$;

create function workload.sha1(d dbo.inventdim) returns bytea language sql immutable
return substring(sha256(convert_to(concat_ws('|', d.inventsiteid, d.inventlocationid, d.wmslocationid, d.inventbatchid, d.inventserialid, d.configid, d.inventsizeid, d.inventcolorid, d.inventstyleid, d.licenseplateid,
                                   d.inventstatusid, d.wmspalletid), 'UTF8')) for 20);

-- Sale, return, void or no-sale: header and lines; payments, taxes, discounts; shift.
create function workload.sell(part int, id bigint, h1 bigint, h2 bigint, kind text, d timestamp) returns void language plpgsql as $$
declare
    t         bigint := h1 % (workload.stores() * 3);
    s         bigint := t / 3;
    c         bigint := s % 3;
    terminals bigint := workload.stores() * 3;
    shifts    bigint := (workload.tickets() - 1) / 25 + 1;
    batch     bigint := shifts - ((shifts - 1 - t) % terminals + terminals) % terminals;
    number    text := workload.storeno(s) || '-' || workload.terminal(t) || '-W' || id / 1024;
    chan      bigint := workload.b() + 1000 + s;
    org       text := 'ChannelDB-' || workload.storeno(s);
    lines     int := case when kind = 'nosale' then 0 else 1 + h2 % 4 end;
    sign      int := case when kind = 'return' then 1 else -1 end;
    due       bigint;
    sumnet    bigint;
    sumtax    bigint;
    sumdisc   bigint;
    sumqty    bigint;
    paid      bigint;
begin
    select coalesce(sum(net), 0), coalesce(sum(tax), 0), coalesce(sum(disc), 0), coalesce(sum(q), 0) into sumnet, sumtax, sumdisc, sumqty from workload.lines(c, h1, lines, sign);
    if kind = 'void' then
        paid := 0;
    else
        paid := case when h2 % 3 = 0 and c = 2 then round((sumnet + sumtax) / 5.0) * 5 else sumnet + sumtax end;
    end if;
    if part = 1 then
        insert into dbo.retailtransactiontable (batchid, batchterminalid, businessdate, channel, comment, createdonposterminal, currency, discamount, entrystatus, exchrate, grossamount, netamount, numberofitemlines, numberofitems,
                                                numberofpaymentlines, paymentamount, salespaymentdifference, receiptid, replicationcounterfromorigin, shift, shiftdate, staff, store, terminal, transactionid, transdate, transtime, type, origin,
                                                extensioncontainer, createddatetime, modifieddatetime, dataareaid, recid)
        values (batch, workload.terminal(t), d, chan, case when h2 % 50 = 0 then left(workload.words(id), 60) else '' end, workload.terminal(t), workload.cur(c), sumdisc * 0.01, case when kind = 'void' then 1 else 0 end, 1, sign * (sumnet + sumtax) * 0.01,
                sign * sumnet * 0.01, lines, -sign * sumqty, case when kind in ('void', 'nosale') then 0 else 1 end, -sign * paid * 0.01, case when kind = 'void' then 0 else -sign * (sumnet + sumtax - paid) * 0.01 end, 'W' || id / 1024,
                nextval('workload.counter')::int, '1', d, workload.staff(s * 6 + h2 % 6), workload.storeno(s), workload.terminal(t), number, d, (h2 % 80000)::int, case when kind = 'nosale' then 9 else 2 end, org,
                case when h2 % 200 = 0 then workload.noisebytes(id, 300) else '' end, d, d, workload.co(c), workload.recid(id));
        insert into dbo.retailtransactionsalestrans (channel, store, terminalid, transactionid, linenum, itemid, qty, price, netamount, taxamount, netamountincltax, discamount, linedscamount, transactionstatus, transdate, businessdate, staffid, unit,
                                                     costamount, receiptid, replicationcounterfromorigin, origin, createddatetime, modifieddatetime, dataareaid, recid)
        select chan, workload.storeno(s), workload.terminal(t), number, n, workload.itemid(it), sign * q, price * 0.01, sign * net * 0.01, sign * tax * 0.01, sign * (net + tax) * 0.01, disc * 0.01, disc * 0.01, (kind = 'void')::int, d, d,
               workload.staff(s * 6 + h2 % 6), 'ea', price * 0.005 + workload.dirt(id + n), 'W' || id / 1024, n, org, d, d, workload.co(c), workload.recid(id + n)
        from   workload.lines(c, h1, lines, sign);
    elsif part = 2 then
        insert into dbo.retailtransactiontaxtrans (channel, storeid, terminalid, transactionid, salelinenum, taxcode, amount, origin, dataareaid, recid)
        select chan, workload.storeno(s), workload.terminal(t), number, n, 'STATE ', -sign * tax * 0.01, org, workload.co(c), workload.recid(id + n) from workload.lines(c, h1, lines, sign) where tax <> 0;
        insert into dbo.retailtransactiondiscounttrans (channel, storeid, terminalid, transactionid, salelinenum, linenum, amount, discountamount, percentage, origin, dataareaid, recid)
        select chan, workload.storeno(s), workload.terminal(t), number, n, 1, disc * 0.01, disc * 0.01, 10, org, workload.co(c), workload.recid(id + n) from workload.lines(c, h1, lines, sign) where disc <> 0;
        if kind in ('sale', 'return') then
            insert into dbo.retailtransactionpaymenttrans (channel, store, terminal, transactionid, linenum, amountcur, amountmst, amounttendered, currency, exchrate, tendertype, transdate, businessdate, staff, giftcardid, receiptid, origin, createddatetime,
                                                           modifieddatetime, dataareaid, recid)
            values (chan, workload.storeno(s), workload.terminal(t), number, 1, -sign * paid * 0.01, -sign * paid * 0.01, -sign * paid * 0.01, workload.cur(c), 1, (array['1', '3', '8'])[h2 % 3 + 1], d, d, workload.staff(s * 6 + h2 % 6),
                    case when h2 % 3 = 2 then 'GC' || workload.pad(h1 % (workload.giftcards() / 3) * 3 + c, 9) else '' end, 'W' || id / 1024, org, d, d, workload.co(c), workload.recid(id));
            if h2 % 3 = 2 then
                insert into dbo.retailgiftcardtransactions (amount, cardnumber, channel, operation, staffid, terminalid, transactionid, transdate, dataareaid, recid)
                values (sign * paid * 0.01, 'GC' || workload.pad(h1 % (workload.giftcards() / 3) * 3 + c, 9), chan, 2, workload.staff(s * 6), workload.terminal(t), number, d, workload.co(c), workload.recid(id));
            end if;
        end if;
    else
        update dbo.retailposbatchtable
        set    transactionscount = transactionscount + 1, voidscount = voidscount + (kind = 'void')::int, nosalecount = nosalecount + (kind = 'nosale')::int, salescount = salescount + (kind = 'sale')::int,
               returnscount = returnscount + (kind = 'return')::int, salestotal = salestotal + case when kind in ('sale', 'return') then -sign * sumnet * 0.01 else 0 end, taxtotal = taxtotal + case when kind in ('sale', 'return') then -sign * sumtax * 0.01 else 0 end
        where  storeid = workload.storeno(s) and terminalid = workload.terminal(t) and batchid = batch and dataareaid = workload.co(c);
    end if;
end $$;

create function workload.lines(c bigint, h bigint, lines int, sign int, out n int, out it bigint, out q bigint, out price bigint, out disc bigint, out net bigint, out tax bigint) returns setof record language sql immutable rows 3 as $$
    select n, it, q, price, disc, q * price - disc, round((q * price - disc) * case when it / 3 % 10 = 3 then 0 when c = 2 then 0.19 else 0.0825 end)::bigint
    from  (select n, it, 1 + workload.r(h, 200 + n) % 3 as q, workload.itemprice(it) as price, case when sign < 0 and workload.r(h, 300 + n) % 4 = 0 then workload.itemprice(it) / 10 else 0 end as disc
           from  (select n, c + 3 * (workload.r(h, 100 + n) % (workload.items() / 3)) as it from generate_series(1, lines) n offset 0) a offset 0) b
$$;

-- Receipt or issue of stock: transaction, ledger, on-hand. One in eight hits the item that everybody sells.
create function workload.move(part int, id bigint, h1 bigint, h2 bigint, sign int, d timestamp) returns void language plpgsql as $$
declare
    it   bigint := case when h2 % 8 = 0 then 3 else h1 % workload.items() end;
    dim  text := workload.dimid(case when h2 % 8 = 0 then 1 when h2 % 8 = 1 then workload.dims() + 1 + h1 / 7 % ((workload.dims() - 1) / 25) else 1 + h1 / 7 % (workload.dims() - 1) end);
    qty  bigint := sign * (1 + h2 / 8 % 20);
    cost numeric := qty * workload.itemcost(it) * 0.01;
    full_cost numeric := cost + sign * workload.dirt(id);
begin
    if part = 1 then
        perform workload.stock(id, it, dim, d, qty, full_cost);
    elsif part = 2 then
        perform workload.post(id, it % 3, 'WS', d, it % workload.departments(), array[4, case when sign > 0 then 7 else 13 end], array[(cost * 100)::bigint], 0);
    else
        perform workload.onhand(workload.co(it), workload.itemid(it), dim, d, qty, full_cost, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id);
    end if;
end $$;

-- Moves an open stock transaction of the sample to its next status: ordered, arrived, registered, ordered ... or on order, reserved, picked, on order ...
create function workload.progress(id bigint, h1 bigint, d timestamp) returns void language plpgsql as $$
declare
    t dbo.inventtrans;
    r int;
    i int;
begin
    select * into t from dbo.inventtrans where recid >= workload.b() + h1 % (workload.lots() * 8) and recid < workload.b() + h1 % (workload.lots() * 8) + 200 and (statusreceipt in (3, 4, 5) or statusissue in (3, 4, 5, 6))
    order by recid limit 1 for update skip locked;
    if not found then
        return;
    end if;
    r := case t.statusreceipt when 5 then 4 when 4 then 3 when 3 then 5 else 0 end;
    i := case t.statusissue when 6 then 5 when 5 then 4 when 4 then 3 when 3 then 6 else 0 end;
    update dbo.inventtrans set statusreceipt = r, statusissue = i, datestatus = d, modifieddatetime = d, pickingrouteid = case when i = 3 then 'W' || id / 1024 else pickingrouteid end where recid = t.recid;
    perform workload.onhand(t.dataareaid, t.itemid, t.inventdimid, d, 0, 0, 0, t.qty * ((r = 3)::int - (t.statusreceipt = 3)::int), t.qty * ((r = 4)::int - (t.statusreceipt = 4)::int), t.qty * ((r = 5)::int - (t.statusreceipt = 5)::int), 0,
                            -t.qty * ((i = 3)::int - (t.statusissue = 3)::int), -t.qty * ((i = 4)::int - (t.statusissue = 4)::int), -t.qty * ((i = 5)::int - (t.statusissue = 5)::int), -t.qty * ((i = 6)::int - (t.statusissue = 6)::int), 0, id);
end $$;

create function workload.invoice(part int, id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    party bigint := h1 % workload.customers();
    net   bigint := 500 + h2 % 300000;
    tax   bigint := (500 + h2 % 300000) * 8 / 100;
begin
    if part = 1 then
        insert into dbo.custtrans (accountnum, transdate, voucher, invoice, amountcur, amountmst, currencycode, duedate, transtype, approved, documentdate, exchrate, reportingcurrencyamount, postingprofile, orderaccount, modifiedby, createdby, createddatetime,
                                   modifieddatetime, dataareaid, recid)
        values (workload.custacc(party), d, 'WI' || lpad((id / 1024)::text, 12, '0'), 'WI' || id / 1024, (net + tax) * 0.01, (net + tax) * 0.01, workload.cur(party), d + interval '30 days', 2, 1, d, 100 + workload.dirt(id), 0, 'GEN', workload.custacc(party), 'wl', 'wl', d, d,
                workload.co(party), workload.recid(id));
        insert into dbo.custtransopen (accountnum, amountcur, amountmst, duedate, refrecid, transdate, dataareaid, recid)
        values (workload.custacc(party), (net + tax) * 0.01, (net + tax) * 0.01, d + interval '30 days', workload.recid(id), d, workload.co(party), workload.recid(id));
    else
        perform workload.post(id, party % 3, 'WI', d, party % workload.departments(), array[3, 10, 8], array[net + tax, -net], 0);
    end if;
end $$;

-- Settles an open customer invoice in full or in part by a payment.
create function workload.settle(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    o    dbo.custtransopen;
    t    dbo.custtrans;
    cur  numeric;
    mst  numeric;
    code text := 'WP' || lpad((id / 1024)::text, 12, '0');
    c    bigint;
begin
    select * into o from dbo.custtransopen where recid >= workload.b() + case when h2 % 3 = 0 then 9000000000 + h1 % greatest(id, 1) else h1 % workload.invoices() end order by recid limit 1 for update skip locked;
    if not found then
        return;
    end if;
    select * into t from dbo.custtrans where recid = o.refrecid and dataareaid = o.dataareaid for update;
    if not found or t.amountcur - t.settleamountcur <> o.amountcur then
        return;
    end if;
    c := case o.dataareaid when 'usmf' then 0 when 'usrt' then 1 else 2 end;
    cur := case when h2 % 2 = 0 then o.amountcur else round(o.amountcur * 0.4, 2) end;
    mst := case when h2 % 2 = 0 then o.amountmst else round(o.amountmst * 0.4, 2) end;
    insert into dbo.custtrans (accountnum, transdate, voucher, amountcur, settleamountcur, amountmst, settleamountmst, currencycode, duedate, lastsettlevoucher, lastsettledate, closed, transtype, approved, documentdate, exchrate, postingprofile, orderaccount, offsetrecid,
                               modifiedby, createdby, createddatetime, modifieddatetime, dataareaid, recid)
    values (t.accountnum, d, code, -cur, -cur, -mst, -mst, t.currencycode, d, code, d, d, 15, 1, d, t.exchrate, 'GEN', t.orderaccount, t.recid, 'wl', 'wl', d, d, t.dataareaid, workload.recid(id));
    insert into dbo.custsettlement (transrecid, transdate, offsettransvoucher, accountnum, settleamountcur, settleamountmst, settlementvoucher, transcompany, offsetrecid, duedate, offsetcompany, offsetaccountnum, settlementgroup, createdby, createddatetime, dataareaid, recid)
    values (t.recid, d, code, t.accountnum, cur, mst, code, t.dataareaid, workload.recid(id), t.duedate, t.dataareaid, t.accountnum, workload.recid(id), 'wl', d, t.dataareaid, workload.recid(id)),
           (workload.recid(id), d, t.voucher, t.accountnum, -cur, -mst, code, t.dataareaid, t.recid, t.duedate, t.dataareaid, t.accountnum, workload.recid(id), 'wl', d, t.dataareaid, workload.recid(id + 1));
    update dbo.custtrans set settleamountcur = settleamountcur + cur, settleamountmst = settleamountmst + mst, lastsettlevoucher = code, lastsettledate = d, closed = case when cur = o.amountcur then d else closed end, modifieddatetime = d, offsetrecid = workload.recid(id)
    where  recid = t.recid;
    if cur = o.amountcur then
        delete from dbo.custtransopen where recid = o.recid;
    else
        update dbo.custtransopen set amountcur = amountcur - cur, amountmst = amountmst - mst where recid = o.recid;
    end if;
    perform workload.post(id, c, 'WP', d, id / 1024 % workload.departments(), array[1, 3], array[(mst * 100)::bigint], 0);
end $$;

-- Reverses an earlier general journal with the signs of a correction.
create function workload.correct(id bigint, h1 bigint, d timestamp) returns void language plpgsql as $$
declare
    e dbo.generaljournalentry;
begin
    select * into e from dbo.generaljournalentry where recid = workload.b() + 8000000000 + 24 + h1 % (workload.journals() - 24);
    if not found then
        return;
    end if;
    insert into dbo.generaljournalentry (accountingdate, fiscalcalendarperiod, postinglayer, ledger, journalnumber, fiscalcalendaryear, subledgervoucher, subledgervoucherdataareaid, documentdate, createddatetime, createdby, recid)
    values (d, workload.period(d), e.postinglayer, e.ledger, 'W' || id / 1024, workload.b() + extract(year from d)::int - 2022, 'WC' || id / 1024, e.subledgervoucherdataareaid, d, d, 'wl', workload.recid(id));
    insert into dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, generaljournalentry, accountingdate, recid)
    values ('WC' || id / 1024, e.subledgervoucherdataareaid, workload.recid(id), d, workload.recid(id));
    insert into dbo.generaljournalaccountentry (transactioncurrencyamount, accountingcurrencyamount, reportingcurrencyamount, quantity, iscredit, iscorrection, transactioncurrencycode, postingtype, ledgerdimension, generaljournalentry, text, ledgeraccount,
                                                mainaccount, recid)
    select -transactioncurrencyamount, -accountingcurrencyamount, -reportingcurrencyamount, -quantity, iscredit, 1 - iscorrection, transactioncurrencycode, postingtype, ledgerdimension, workload.recid(id), E'reversal of "' || left(text, 200) || '"', ledgeraccount, mainaccount,
           workload.recid(id + row_number() over (order by recid))
    from   dbo.generaljournalaccountentry
    where  generaljournalentry = e.recid;
end $$;

-- One change of master data. Large descriptions are left alone by most updates and replaced by a few.
create function workload.master(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
begin
    case h2 % 10
    when 0, 1, 2 then
        update dbo.inventtablemodule set price = round(price * (95 + h1 % 11) / 100, 2) + case when h1 % 4 = 0 then workload.dirt(id) else 0 end, pricedate = d, modifieddatetime = d where recid = workload.b() + h1 % (workload.items() * 3);
    when 3 then
        update dbo.custtable set creditmax = (h1 % 1000000) * 0.01, memo = left(workload.words(id), 60), modifieddatetime = d where recid = workload.b() + h1 % workload.customers();
    when 4 then
        update dbo.dirpartytable set name = left(workload.words(id) || ' ' || id, 100), namealias = left(workload.words(h1), 20), modifieddatetime = d where recid = workload.b() + h1 % (workload.customers() + workload.vendors());
    when 5 then
        update dbo.retailstafftable set nameonreceipt = left(workload.words(id), 15), modifieddatetime = d where recid = workload.b() + h1 % (workload.stores() * 6);
    when 6 then
        update dbo.ecoresproducttranslation set name = left(workload.words(id) || ' ' || id, 60) where recid = workload.b() + h1 % (workload.items() / 3 * 2);
    when 7 then
        update dbo.ecoresproducttranslation set description = case h1 % 4 when 0 then workload.noise(id, 300) when 1 then '' else workload.words(id) || repeat(' text', (h1 % 50)::int) end where recid = workload.b() + h1 / 4 % (workload.items() / 3 * 2);
    when 8 then
        update dbo.retailtransactiontable set entrystatus = 2, itemsposted = 1 where recid = workload.b() + h1 % workload.tickets() and entrystatus = 0;
    else
        update dbo.vendtable set creditmax = creditmax + 1, memo = case when h1 % 2 = 0 then '' else left(workload.words(id), 60) end, modifieddatetime = d where recid = workload.b() + h1 % workload.vendors();
    end case;
end $$;

-- Dimensions that differ only in their pallet are one dimension in version N: add such rows, empty or with stock, before and after the row that
-- survives, change what makes them equal, and delete empty ones again.
create function workload.dimension(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    c    bigint := h1 % 3;
    base bigint := 1 + h1 / 3 % (workload.dims() - 1);
    twin bigint := 1 + h1 / 3 % ((workload.dims() - 1) / 25);
    it   bigint := c + 3 * (h1 / 5 % (workload.items() / 3));
    row_ dbo.inventdim;
    from_ dbo.inventdim;
begin
    case h2 % 8
    when 0, 1, 2 then
        select * into row_ from dbo.inventdim where dataareaid = workload.co(c) and inventdimid = workload.dimid(base);
        row_.inventdimid := 'W' || id / 1024;
        row_.wmspalletid := 'WPAL' || id / 1024;
        row_.recid := case when h2 % 8 = 0 then workload.b() - id else workload.recid(id) end;
        row_.createddatetime := d;
        row_.modifieddatetime := d;
        row_.sha1hash := workload.sha1(row_);
        insert into dbo.inventdim select row_.*;
        if h2 % 8 = 2 then
            perform workload.stock(id, it, row_.inventdimid, d, 5, workload.itemcost(it) * 0.05);
            perform workload.post(id, c, 'WS', d, it % workload.departments(), array[4, 7], array[workload.itemcost(it) * 5], 0);
            perform workload.onhand(workload.co(it), workload.itemid(it), row_.inventdimid, d, 5, workload.itemcost(it) * 0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id);
        end if;
        insert into workload.spare values (row_.dataareaid, row_.inventdimid, case when h2 % 8 = 2 then workload.itemid(it) end);
    when 3 then
        select * into row_ from dbo.inventdim where dataareaid = workload.co(c) and inventdimid = workload.dimid(workload.dims() + twin) for update;
        row_.wmspalletid := 'WPAL' || id / 1024;
        update dbo.inventdim set wmspalletid = row_.wmspalletid, sha1hash = workload.sha1(row_), modifieddatetime = d where recid = row_.recid;
    when 4, 5 then
        select * into row_ from dbo.inventdim where dataareaid = workload.co(c) and inventdimid = workload.dimid(case when h2 % 8 = 4 then workload.dims() + twin else twin * 25 end) for update;
        row_.inventbatchid := 'WB' || id / 1024;
        update dbo.inventdim set inventbatchid = row_.inventbatchid, sha1hash = workload.sha1(row_), modifieddatetime = d where recid = row_.recid;
    when 6 then
        select * into from_ from dbo.inventdim where dataareaid = workload.co(c) and inventdimid = workload.dimid(twin * 25);
        select * into row_ from dbo.inventdim where dataareaid = workload.co(c) and inventdimid = workload.dimid(workload.dims() + twin) for update;
        row_.inventbatchid := from_.inventbatchid;
        row_.wmspalletid := 'WPAL' || id / 1024;
        update dbo.inventdim set inventbatchid = row_.inventbatchid, wmspalletid = row_.wmspalletid, sha1hash = workload.sha1(row_), modifieddatetime = d where recid = row_.recid;
    else
        delete from workload.spare s where (s.dataareaid, s.inventdimid) = (select x.dataareaid, x.inventdimid from workload.spare x where x.itemid is null order by x.dataareaid, x.inventdimid limit 1 for update skip locked) returning s.dataareaid, s.inventdimid into row_.dataareaid, row_.inventdimid;
        if found then
            delete from dbo.inventdim where dataareaid = row_.dataareaid and inventdimid = row_.inventdimid;
        end if;
    end case;
end $$;

-- Changes of key values: a dimension id with all that refers to it, a ticket number with its lines, and two unique values that change places.
create function workload.rekey(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    s  workload.spare;
    h  dbo.retailtransactiontable;
    n  text;
    a  bigint;
    b  bigint;
    na text;
    nb text;
begin
    case h2 % 4
    when 0 then
        select * into s from workload.spare order by ctid limit 1 for update skip locked;
        if not found then
            return;
        end if;
        n := 'X' || id / 1024;
        update workload.spare set inventdimid = n where dataareaid = s.dataareaid and inventdimid = s.inventdimid;
        update dbo.inventdim set inventdimid = n where dataareaid = s.dataareaid and inventdimid = s.inventdimid;
        if s.itemid is not null then
            update dbo.inventtrans set inventdimid = n where dataareaid = s.dataareaid and itemid = s.itemid and inventdimid = s.inventdimid;
            update dbo.inventsum set inventdimid = n where dataareaid = s.dataareaid and itemid = s.itemid and inventdimid = s.inventdimid;
        end if;
    when 1 then
        select * into h from dbo.retailtransactiontable where recid = workload.b() + h1 % workload.tickets() for update skip locked;
        if not found then
            return;
        end if;
        n := left(h.transactionid, 30) || '-X' || id / 1024;
        update dbo.retailtransactiontable set transactionid = n where recid = h.recid;
        update dbo.retailtransactionsalestrans set transactionid = n where store = h.store and terminalid = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        update dbo.retailtransactionpaymenttrans set transactionid = n where store = h.store and terminal = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        update dbo.retailtransactiontaxtrans set transactionid = n where terminalid = h.terminal and storeid = h.store and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        update dbo.retailtransactiondiscounttrans set transactionid = n where storeid = h.store and terminalid = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
    when 2 then
        perform pg_advisory_xact_lock(4711);
        update dbo.retailhardwareprofile set profileid = 'SWAP' where profileid = 'HW003';
        update dbo.retailhardwareprofile set profileid = 'HW003' where profileid = 'HW004';
        update dbo.retailhardwareprofile set profileid = 'HW004' where profileid = 'SWAP';
    else
        perform pg_advisory_xact_lock(4712);
        a := workload.b() + h1 % (workload.items() / 3);
        b := workload.b() + (h1 / 1000) % (workload.items() / 3);
        select displayproductnumber into na from dbo.ecoresproduct where recid = a;
        select displayproductnumber into nb from dbo.ecoresproduct where recid = b;
        if a <> b then
            update dbo.ecoresproduct set displayproductnumber = 'SWAP' || id where recid = a;
            update dbo.ecoresproduct set displayproductnumber = na where recid = b;
            update dbo.ecoresproduct set displayproductnumber = nb where recid = a;
        end if;
    end case;
end $$;

-- Deletes: a ticket with all its parts, a barcode or price that comes back under a new number, a log line written.
create function workload.remove(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    h dbo.retailtransactiontable;
    x dbo.inventitembarcode;
    p dbo.pricedisctable;
begin
    case h2 % 4
    when 0 then
        select * into h from dbo.retailtransactiontable where recid = workload.b() + h1 % workload.tickets() for update skip locked;
        if not found then
            return;
        end if;
        delete from dbo.retailtransactionsalestrans where store = h.store and terminalid = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        delete from dbo.retailtransactionpaymenttrans where store = h.store and terminal = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        delete from dbo.retailtransactiontaxtrans where terminalid = h.terminal and storeid = h.store and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        delete from dbo.retailtransactiondiscounttrans where storeid = h.store and terminalid = h.terminal and transactionid = h.transactionid and channel = h.channel and dataareaid = h.dataareaid;
        delete from dbo.retailtransactiontable where recid = h.recid;
        update dbo.retailposbatchtable set transactionscount = transactionscount - 1, voidscount = voidscount - (h.entrystatus = 1)::int, nosalecount = nosalecount - (h.type = 9)::int
        where  storeid = h.store and terminalid = h.batchterminalid and batchid = h.batchid and dataareaid = h.dataareaid;
    when 1 then
        delete from dbo.inventitembarcode where recid = workload.b() + h1 % (workload.items() * 2) returning * into x;
        if x.recid is not null and h1 % 3 > 0 then
            x.recid := workload.recid(id);
            x.modifieddatetime := d;
            insert into dbo.inventitembarcode select x.*;
        end if;
    when 2 then
        delete from dbo.pricedisctable where recid = workload.b() + h1 % (workload.items() * 3) returning * into p;
        if p.recid is not null and h1 % 3 > 0 then
            p.recid := workload.recid(id);
            p.amount := p.amount + 0.01;
            insert into dbo.pricedisctable select p.*;
        end if;
    else
        insert into dbo.sysuserlog (userid, computername, logindatetime, message) values ('wl', 'AOS-1', d, workload.words(id));
    end case;
end $$;

-- Large transactions: a journal of some 500 lines, new prices of 300 rows, or a campaign of 400 prices that comes and goes.
create function workload.bulk(id bigint, h1 bigint, h2 bigint, d timestamp) returns void language plpgsql as $$
declare
    n    int := 200 + h1 % 300;
    gone bigint;
begin
    case h2 % 4
    when 0 then
        perform workload.post(id, h1 % 3, 'WB', d, h1 % workload.departments(), array_agg(18 + workload.r(id + x, 500) % 60 order by x), array_agg(1 + workload.r(id + x, 501) % 90000 order by x) filter (where x < n), 0) from generate_series(1, n) x;
    when 1 then
        update dbo.inventtablemodule set price = round(price * 1.01, 2), modifieddatetime = d where recid in (select recid from dbo.inventtablemodule where recid between workload.b() + h1 % (workload.items() * 3) and workload.b() + h1 % (workload.items() * 3) + 300 order by recid for update);
    when 2 then
        insert into dbo.pricedisctable (itemcode, accountcode, itemrelation, accountrelation, fromdate, amount, currency, priceunit, relation, unitid, module, inventdimid, modifieddatetime, dataareaid, recid)
        select 0, 2, workload.itemid(x * 3 + h1 % 3), '', d, 9.99 + x, workload.cur(h1), 1, 4, 'ea', 1, 'AllBlank', d, workload.co(h1), workload.recid(id + x) from generate_series(1, 400) x;
        insert into workload.campaign values (id);
    else
        delete from workload.campaign c where c.id = (select x.id from workload.campaign x order by x.id limit 1 for update skip locked) returning c.id into gone;
        if found then
            delete from dbo.pricedisctable where recid between workload.recid(gone) and workload.recid(gone + 1023);
        end if;
    end case;
end $$;

create function workload.kind(writer int, step bigint, seed bigint) returns text language plpgsql immutable parallel safe as $$
declare
    h int := workload.h(writer, step, seed, 1) % 1000;
begin
    return case when h < 280 then 'sale' when h < 310 then 'return' when h < 320 then 'void' when h < 330 then 'nosale' when h < 440 then 'journal' when h < 460 then 'correct' when h < 560 then 'receive'
                when h < 680 then 'ship' when h < 740 then 'progress' when h < 800 then 'invoice' when h < 860 then 'settle' when h < 920 then 'master' when h < 940 then 'dimension' when h < 955 then 'rekey'
                when h < 975 then 'remove' when h < 997 then 'number' else 'bulk' end;
end $$;

create function workload.begin(writer int, step bigint, seed bigint) returns int language plpgsql as $$
begin
    perform set_config('workload.my_id', nextval('workload.id')::text, true);
    return case workload.kind(writer, step, seed) when 'sale' then 3 when 'return' then 3 when 'void' then 3 when 'nosale' then 3 when 'receive' then 3 when 'ship' then 3 when 'invoice' then 2 when 'journal' then 2 else 1 end;
end $$;

create function workload.part(writer int, step bigint, seed bigint, part int) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    kind text := workload.kind(writer, step, seed);
    id   bigint := current_setting('workload.my_id')::bigint;
    h1   bigint := workload.h(writer, step, seed, 2);
    h2   bigint := workload.h(writer, step, seed, 3);
    d    timestamp := workload.today(step);
begin
    case kind
    when 'sale', 'return', 'void', 'nosale' then perform workload.sell(part, id, h1, h2, kind, d);
    when 'receive' then perform workload.move(part, id, h1, h2, 1, d);
    when 'ship' then perform workload.move(part, id, h1, h2, -1, d);
    when 'progress' then perform workload.progress(id, h1, d);
    when 'invoice' then perform workload.invoice(part, id, h1, h2, d);
    when 'settle' then perform workload.settle(id, h1, h2, d);
    when 'correct' then perform workload.correct(id, h1, d);
    when 'master' then perform workload.master(id, h1, h2, d);
    when 'dimension' then perform workload.dimension(id, h1, h2, d);
    when 'rekey' then perform workload.rekey(id, h1, h2, d);
    when 'remove' then perform workload.remove(id, h1, h2, d);
    when 'bulk' then perform workload.bulk(id, h1, h2, d);
    when 'number' then update dbo.numbersequencetable set nextrec = nextrec + 1 where recid = workload.b() + h1 % 3 * 20 + 3;
    when 'journal' then
        if part = 1 then
            perform workload.post(id, h1 % 3, 'WJ', d, h1 / 3 % workload.departments(), array[18 + h2 % 60, 18 + h1 % 60, 1], array[100 + h2 % 900000, 50 + h1 % 70000], 0);
        else
            update dbo.numbersequencetable set nextrec = nextrec + 1 where recid = workload.b() + h1 % 3 * 20 + 3;
        end if;
    end case;
end $$;

create function workload.finish(writer int, step bigint, seed bigint) returns boolean language plpgsql immutable parallel safe as $$
begin
    return workload.h(writer, step, seed, 4) % 100 >= 4;
end $$;
