-- Functions of the real-time calls (calls/*.sql). The gateway runs this script when it starts and the script has changed; it
-- may run again at any time. Everything works on hq.*, in the transaction of one call.
--
-- A store is registered with the gateway under its store number (retailstoretable.storenumber). What a till says of its channel and
-- terminal is compared with that: no store can act for another one.

create schema if not exists hq_call;

-- Recids of rows that calls make: a range that SYSTEMSEQUENCES never reaches, so that no till waits for another one's number.
-- It ends below 2^53, which every client can read.
create sequence if not exists hq_call.recid minvalue 4503599627370496 maxvalue 9007199254740991 cache 1;
create sequence if not exists hq_call.creditmemo;
create sequence if not exists hq_call.customer minvalue 500000;

-- Quantities that came back after the cutover. Rows of store transactions are never changed once they are uploaded, so what
-- MarkItemsReturned says is kept beside them.
create table if not exists hq_call.returned (
    channel       bigint        not null,
    store         varchar(10)   not null,
    terminal      varchar(10)   not null,
    transactionid varchar(44)   not null,
    linenum       numeric(32,6) not null,
    qty           numeric(32,6) not null check (qty > 0),
    bystore       varchar(10)   not null,
    at            timestamp     not null default (now() at time zone 'UTC')
);
create index if not exists returned_line_ix on hq_call.returned (channel, store, terminal, transactionid, linenum);


-- What N-1 answers with success = false

create or replace function hq_call.refuse(code text, sentence text) returns void language plpgsql as $$
begin
    raise exception using errcode = 'N1REF', message = code || ': ' || sentence;
end $$;

-- Money is exact: more decimals than the column has would be rounded without a word.
create or replace function hq_call.check_amount(amount numeric) returns void language plpgsql as $$
begin
    if amount <= 0 or amount <> round(amount, 6) or amount >= 1e15 then
        perform hq_call.refuse('InvalidAmount', 'the amount has to be above zero, with 6 decimals at most');
    end if;
end $$;


-- Who calls

create or replace function hq_call.shop(store text, out channel bigint, out company text, out currency text, out warehouse text) language plpgsql stable as $$
begin
    select c.recid, c.inventlocationdataareaid, c.currency, c.inventlocation
    into   channel, company, currency, warehouse
    from   hq.retailstoretable s
    join   hq.retailchanneltable c on c.recid = s.recid
    where  s.storenumber = store;
    if channel is null then
        perform hq_call.refuse('InvalidChannel', 'headquarters has no store with the number under which this store is registered');
    end if;
end $$;

create or replace function hq_call.check_terminal(channel bigint, terminal text) returns void language plpgsql stable as $$
begin
    if not exists (select from hq.retailterminaltable t where t.terminalid = terminal and t.storerecid = channel) then
        perform hq_call.refuse('InvalidTerminal', 'this terminal is not one of the store');
    end if;
end $$;

-- The company of a till that names its channel; refuses one that is not the caller's.
create or replace function hq_call.till(store text, channelid bigint, terminal text) returns text language plpgsql stable as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    if channelid <> s.channel then
        perform hq_call.refuse('InvalidChannel', 'this channel is not the one of the store');
    end if;
    perform hq_call.check_terminal(s.channel, terminal);
    return s.company;
end $$;

-- The same for a till that names its store.
create or replace function hq_call.till_of(store text, storeid text, terminal text) returns text language plpgsql stable as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    if storeid <> store then
        perform hq_call.refuse('InvalidChannel', 'this store is not the one that calls');
    end if;
    perform hq_call.check_terminal(s.channel, terminal);
    return s.company;
end $$;

create or replace function hq_call.today() returns timestamp language sql stable as
$$ select date_trunc('day', now() at time zone 'UTC') $$;

create or replace function hq_call.seconds() returns int language sql stable as
$$ select extract(epoch from (now() at time zone 'UTC')::time)::int $$;


-- Workers

-- Which workers a store has: by the employee address books (type 1) of the store.
create or replace view hq_call.worker as
select distinct w.personnelnumber as staff, s.storenumber as store, w.recid as worker
from   hq.hcmworker w
join   hq.diraddressbookparty p on p.party = w.person
join   hq.retailstoreaddressbook b on b.addressbook = p.addressbook and b.addressbooktype = 1
join   hq.retailstoretable s on s.recid = b.storerecid;

create or replace view hq_call.permission as
select w.staff, w.store,
       bool_or(p.managerprivileges = 1) as manager,
       bool_or(p.allowresetpassword = 1) as resets,
       bool_or(p.allowpasswordchange = 1) as changes,
       bool_or(p.managedevice = 1) as devices
from   hq_call.worker w
join   hq.hcmpositionworkerassignment a on a.worker = w.worker and a.validfrom <= now() at time zone 'UTC' and a.validto > now() at time zone 'UTC'
join   hq.retailpositionpospermission p on p.position = a.position
group  by w.staff, w.store;

create or replace function hq_call.sign_in(store text, worker text, terminal text) returns void language plpgsql as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    perform hq_call.check_terminal(s.channel, terminal);
    perform 1 from hq.retailstafftable t where t.staffid = worker for update;
    if not exists (select from hq_call.worker w where w.staff = sign_in.worker and w.store = sign_in.store) then
        perform hq_call.refuse('AuthorizationFailed', 'the worker does not work in this store');
    end if;
    if exists (select from hq.retailstaffloginlog l where l.staffid = worker and (l.storeid <> store or l.terminalid <> terminal))
       and not exists (select from hq_call.worker w
                       join   hq.hcmpositionworkerassignment a on a.worker = w.worker
                       join   hq.retailpositionpospermission p on p.position = a.position
                       where  w.staff = sign_in.worker and p.allowmultiplelogins = 1) then
        perform hq_call.refuse('UserLogOnAnotherTerminal', 'the worker is signed in at another terminal');
    end if;
    delete from hq.retailstaffloginlog l where l.staffid = worker and l.storeid = store and l.terminalid = terminal;
    insert into hq.retailstaffloginlog (staffid, storeid, terminalid, dataareaid, recid)
    values (worker, store, terminal, s.company, nextval('hq_call.recid'));
end $$;

create or replace function hq_call.sign_out(store text, worker text, terminal text) returns void language plpgsql as $$
begin
    delete from hq.retailstaffloginlog l where l.staffid = worker and l.storeid = store and l.terminalid = terminal;
end $$;

-- A password may be reset for a worker of the store while somebody is signed in there who may do so.
create or replace function hq_call.may_reset(caller text, target text) returns void language plpgsql as $$
begin
    if not exists (select from hq_call.worker w where w.staff = target and w.store = caller) then
        perform hq_call.refuse('ResetPasswordFailed', 'no such worker works in this store');
    end if;
    if not exists (select from hq.retailstaffloginlog l
                   join   hq_call.permission p on p.staff = l.staffid and p.store = caller
                   where  l.storeid = caller and (p.resets or p.manager) and l.staffid <> target) then
        perform hq_call.refuse('AuthorizationFailed', 'nobody is signed in in this store who may reset passwords');
    end if;
end $$;


-- Gift cards. The row of a card is locked first, so that all that follows sees what other tills have committed.

create or replace function hq_call.giftcard(company text, card text) returns hq.retailgiftcardtable language plpgsql as $$
declare
    g hq.retailgiftcardtable;
begin
    select * into g from hq.retailgiftcardtable t where t.dataareaid = company and t.entryid = card for update;
    if g.recid is null then
        perform hq_call.refuse('GiftCardUnknown', 'there is no such gift card');
    end if;
    return g;
end $$;

create or replace function hq_call.giftcard_balance(company text, card text) returns numeric language sql volatile as
$$ select coalesce(sum(t.amount), 0) from hq.retailgiftcardtransactions t where t.dataareaid = company and t.cardnumber = card $$;

create or replace function hq_call.giftcard_mine(g hq.retailgiftcardtable, channel bigint, terminal text) returns boolean language sql immutable as
$$ select g.reserved = 1 and g.reservedbychannel = channel and g.reservedbyterminalid = terminal $$;

create or replace function hq_call.giftcard_check_free(g hq.retailgiftcardtable, channel bigint, terminal text) returns void language plpgsql as $$
begin
    if g.reserved = 1 and not hq_call.giftcard_mine(g, channel, terminal) then
        perform hq_call.refuse('GiftCardLocked', 'another till has locked the gift card');
    end if;
end $$;

create or replace function hq_call.giftcard_check_mine(g hq.retailgiftcardtable, channel bigint, terminal text) returns void language plpgsql as $$
begin
    perform hq_call.giftcard_check_free(g, channel, terminal);
    if not hq_call.giftcard_mine(g, channel, terminal) then
        perform hq_call.refuse('GiftCardNotLocked', 'this till has to lock the gift card first');
    end if;
end $$;

create or replace function hq_call.giftcard_reserve(g hq.retailgiftcardtable, channel bigint, terminal text) returns void language sql as $$
    update hq.retailgiftcardtable t
    set    reserved = 1, reservedbychannel = channel, reservedbyterminalid = terminal, recversion = t.recversion + 1
    where  t.recid = g.recid
$$;

create or replace function hq_call.giftcard_release(g hq.retailgiftcardtable) returns void language sql as $$
    update hq.retailgiftcardtable t
    set    reserved = 0, reservedbychannel = 0, reservedbyterminalid = '', reservedbytransactionid = '', recversion = t.recversion + 1
    where  t.recid = g.recid
$$;

-- operation: 0 issued, 1 added, 2 paid; what takes one of them back has the same operation and the other sign.
create or replace function hq_call.giftcard_post(g hq.retailgiftcardtable, operation int, amount numeric, channel bigint, terminal text, staff text, transaction text, receipt text) returns void language sql as $$
    insert into hq.retailgiftcardtransactions (amount, cardnumber, channel, operation, receiptid, staffid, terminalid, transactionid, transdate, transtime, dataareaid, recid)
    values (amount, g.entryid, channel, operation, coalesce(receipt, ''), coalesce(staff, ''), terminal, coalesce(transaction, ''), hq_call.today(), hq_call.seconds(), g.dataareaid, nextval('hq_call.recid'))
$$;

create or replace function hq_call.giftcard_check_currency(g hq.retailgiftcardtable, currency text) returns void language plpgsql as $$
begin
    if g.currencycode <> currency then
        perform hq_call.refuse('GiftCardCurrency', 'the gift card has another currency');
    end if;
end $$;

create or replace function hq_call.giftcard_get(store text, card text, out currencycode text, out balance text) language plpgsql stable as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    select g.currencycode, (select coalesce(sum(t.amount), 0) from hq.retailgiftcardtransactions t where t.dataareaid = g.dataareaid and t.cardnumber = g.entryid)::numeric(32,6)::text
    into   currencycode, balance
    from   hq.retailgiftcardtable g
    where  g.dataareaid = s.company and g.entryid = card;
    if currencycode is null then
        perform hq_call.refuse('GiftCardUnknown', 'there is no such gift card');
    end if;
end $$;

create or replace function hq_call.giftcard_issue(store text, card text, amount numeric, currency text, channelid bigint, terminal text, staff text, transaction text, receipt text, out currencycode text, out balance text) language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable;
begin
    perform hq_call.check_amount(amount);
    if card = '' then
        perform hq_call.refuse('GiftCardUnknown', 'a gift card needs a number');
    end if;
    insert into hq.retailgiftcardtable (entryid, currencycode, reserved, reservedbychannel, reservedbyterminalid, dataareaid, recid)
    values (card, currency, 1, channelid, terminal, company, nextval('hq_call.recid'))
    on conflict (dataareaid, entryid) do nothing
    returning * into g;
    if g.recid is null then
        perform hq_call.refuse('GiftCardExists', 'this gift card is there already');
    end if;
    perform hq_call.giftcard_post(g, 0, amount, channelid, terminal, staff, transaction, receipt);
    currencycode := g.currencycode;
    balance := hq_call.giftcard_balance(company, card)::numeric(32,6)::text;
end $$;

create or replace function hq_call.giftcard_add(store text, card text, amount numeric, currency text, channelid bigint, terminal text, staff text, transaction text, receipt text, out currencycode text, out balance text) language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable;
begin
    perform hq_call.check_amount(amount);
    g := hq_call.giftcard(company, card);
    perform hq_call.giftcard_check_free(g, channelid, terminal);
    perform hq_call.giftcard_check_currency(g, currency);
    perform hq_call.giftcard_reserve(g, channelid, terminal);
    perform hq_call.giftcard_post(g, 1, amount, channelid, terminal, staff, transaction, receipt);
    currencycode := g.currencycode;
    balance := hq_call.giftcard_balance(company, card)::numeric(32,6)::text;
end $$;

create or replace function hq_call.giftcard_lock(store text, card text, channelid bigint, terminal text, out currencycode text, out balance text) language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable := hq_call.giftcard(company, card);
begin
    perform hq_call.giftcard_check_free(g, channelid, terminal);
    perform hq_call.giftcard_reserve(g, channelid, terminal);
    currencycode := g.currencycode;
    balance := hq_call.giftcard_balance(company, card)::numeric(32,6)::text;
end $$;

create or replace function hq_call.giftcard_unlock(store text, card text, channelid bigint, terminal text) returns void language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable := hq_call.giftcard(company, card);
begin
    perform hq_call.giftcard_check_free(g, channelid, terminal);
    perform hq_call.giftcard_release(g);
end $$;

create or replace function hq_call.giftcard_pay(store text, card text, amount numeric, currency text, channelid bigint, terminal text, staff text, transaction text, receipt text, out currencycode text, out balance text) language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable;
begin
    perform hq_call.check_amount(amount);
    g := hq_call.giftcard(company, card);
    perform hq_call.giftcard_check_mine(g, channelid, terminal);
    perform hq_call.giftcard_check_currency(g, currency);
    if hq_call.giftcard_balance(company, card) < amount then
        perform hq_call.refuse('GiftCardBalance', 'the balance of the gift card is too low');
    end if;
    perform hq_call.giftcard_post(g, 2, -amount, channelid, terminal, staff, transaction, receipt);
    perform hq_call.giftcard_release(g);
    currencycode := g.currencycode;
    balance := hq_call.giftcard_balance(company, card)::numeric(32,6)::text;
end $$;

-- Takes back a card that this till has issued and still holds.
create or replace function hq_call.giftcard_void(store text, card text, channelid bigint, terminal text) returns void language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable := hq_call.giftcard(company, card);
    rest    numeric;
begin
    perform hq_call.giftcard_check_mine(g, channelid, terminal);
    rest := hq_call.giftcard_balance(company, card);
    if rest <> 0 then
        perform hq_call.giftcard_post(g, 0, -rest, channelid, terminal, '', '', '');
    end if;
    perform hq_call.giftcard_release(g);
end $$;

-- Gives back what this till has taken in one of its transactions; without a transaction only the lock ends.
create or replace function hq_call.giftcard_void_payment(store text, card text, channelid bigint, terminal text, transaction text) returns void language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    g       hq.retailgiftcardtable := hq_call.giftcard(company, card);
    paid    numeric;
begin
    perform hq_call.giftcard_check_free(g, channelid, terminal);
    select -coalesce(sum(t.amount), 0) into paid
    from   hq.retailgiftcardtransactions t
    where  t.dataareaid = company and t.cardnumber = card and t.operation = 2 and t.channel = channelid and t.terminalid = terminal
    and    transaction <> '' and t.transactionid = transaction;
    if paid > 0 then
        perform hq_call.giftcard_post(g, 2, paid, channelid, terminal, '', transaction, '');
    end if;
    perform hq_call.giftcard_release(g);
end $$;


-- Credit memos (credit vouchers): paid once, as a whole.

create or replace function hq_call.creditmemo_of(company text, memo text) returns hq.retailcreditvouchertable language plpgsql as $$
declare
    v hq.retailcreditvouchertable;
begin
    select * into v from hq.retailcreditvouchertable t where t.dataareaid = company and t.entryid = memo for update;
    if v.recid is null or v.voided = 1 then
        perform hq_call.refuse('CreditMemoUnknown', 'there is no such credit memo');
    end if;
    if v.applied = 1 then
        perform hq_call.refuse('CreditMemoPaid', 'the credit memo has been paid out');
    end if;
    return v;
end $$;

create or replace function hq_call.creditmemo_check_free(v hq.retailcreditvouchertable, storeid text, terminal text) returns void language plpgsql as $$
begin
    if v.reserved = 1 and (v.reservedbystoreid <> storeid or v.reservedbyterminalid <> terminal) then
        perform hq_call.refuse('CreditMemoLocked', 'another till has locked the credit memo');
    end if;
end $$;

create or replace function hq_call.creditmemo_issue(store text, storeid text, terminal text, staff text, transaction text, receipt text, currency text, amount numeric) returns text language plpgsql as $$
declare
    company text := hq_call.till_of(store, storeid, terminal);
    memo    text;
begin
    perform hq_call.check_amount(amount);
    loop
        memo := 'CM' || lpad(nextval('hq_call.creditmemo')::text, 10, '0');
        insert into hq.retailcreditvouchertable (entryid, amount, currencycode, createdinstoreid, createdbyterminalid, createdbystaffid, createdbytransactionid, createdbyreceipid, transdate, transtime, dataareaid, recid)
        values (memo, amount, currency, storeid, terminal, staff, transaction, receipt, hq_call.today(), hq_call.seconds(), company, nextval('hq_call.recid'))
        on conflict (dataareaid, entryid) do nothing;
        exit when found;
    end loop;
    return memo;
end $$;

create or replace function hq_call.creditmemo_lock(store text, memo text, storeid text, terminal text, out currencycode text, out amount text) language plpgsql as $$
declare
    company text := hq_call.till_of(store, storeid, terminal);
    v       hq.retailcreditvouchertable := hq_call.creditmemo_of(company, memo);
begin
    perform hq_call.creditmemo_check_free(v, storeid, terminal);
    update hq.retailcreditvouchertable t set reserved = 1, reservedbystoreid = storeid, reservedbyterminalid = terminal where t.recid = v.recid;
    currencycode := v.currencycode;
    amount := v.amount::text;
end $$;

create or replace function hq_call.creditmemo_unlock(store text, memo text, storeid text, terminal text) returns void language plpgsql as $$
declare
    company text := hq_call.till_of(store, storeid, terminal);
    v       hq.retailcreditvouchertable := hq_call.creditmemo_of(company, memo);
begin
    perform hq_call.creditmemo_check_free(v, storeid, terminal);
    update hq.retailcreditvouchertable t set reserved = 0, reservedbystoreid = '', reservedbyterminalid = '' where t.recid = v.recid;
end $$;

create or replace function hq_call.creditmemo_pay(store text, memo text, storeid text, terminal text, staff text, transaction text, receipt text, currency text, paid numeric) returns void language plpgsql as $$
declare
    company text := hq_call.till_of(store, storeid, terminal);
    v       hq.retailcreditvouchertable := hq_call.creditmemo_of(company, memo);
begin
    perform hq_call.creditmemo_check_free(v, storeid, terminal);
    if v.reserved = 0 then
        perform hq_call.refuse('CreditMemoNotLocked', 'this till has to lock the credit memo first');
    end if;
    if v.currencycode <> currency or v.amount <> paid then
        perform hq_call.refuse('CreditMemoAmount', 'a credit memo is paid with its whole amount, in its currency');
    end if;
    update hq.retailcreditvouchertable t
    set    applied = 1, appliedamount = paid, appliedinstoreid = storeid, appliedbyterminalid = terminal, appliedbystaffid = staff, appliedbytransactionid = transaction, appliedbyreceiptid = receipt,
           applieddate = hq_call.today(), appliedtime = hq_call.seconds(), reserved = 0, reservedbystoreid = '', reservedbyterminalid = ''
    where  t.recid = v.recid;
end $$;


-- Loyalty cards

create or replace function hq_call.loyaltycard(card text) returns hq.retailloyaltycard language plpgsql as $$
declare
    l hq.retailloyaltycard;
begin
    select * into l from hq.retailloyaltycard t where t.cardnumber = card for update;
    if l.recid is null then
        perform hq_call.refuse('LoyaltyCardUnknown', 'there is no such loyalty card');
    end if;
    return l;
end $$;

create or replace function hq_call.loyalty_issue(store text, card text, tendertype int, party bigint) returns text language plpgsql as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    if card = '' then
        perform hq_call.refuse('LoyaltyCardUnknown', 'a loyalty card needs a number');
    end if;
    if party <> 0 and not exists (select from hq.dirpartytable p where p.recid = party) then
        perform hq_call.refuse('CustomerUnknown', 'there is no such party');
    end if;
    insert into hq.retailloyaltycard (cardnumber, cardtendertype, party, omoperatingunitid, loyaltyenrollmentdate, recid)
    values (card, tendertype, party, coalesce((select c.omoperatingunitid from hq.retailchanneltable c where c.recid = s.channel), 0), hq_call.today(), nextval('hq_call.recid'))
    on conflict (cardnumber) do nothing;
    if not found then
        perform hq_call.refuse('LoyaltyCardExists', 'this loyalty card is there already');
    end if;
    return card;
end $$;

-- Entry types: 1 earned, 2 redeemed, 3 earned points taken back for a return, 4 adjusted, 5 redeemed points given back.
create or replace function hq_call.loyalty_post(store text, card text, point text, kind int, qty numeric, channelid bigint, terminal text, staff text, transaction text, receipt text, customer text, line numeric) returns text language plpgsql as $$
declare
    company text := hq_call.till(store, channelid, terminal);
    l       hq.retailloyaltycard := hq_call.loyaltycard(card);
    p       hq.retailloyaltyrewardpoint;
    left_   numeric;
begin
    perform hq_call.check_amount(qty);
    select * into p from hq.retailloyaltyrewardpoint r where r.rewardpointid = point;
    if p.recid is null or kind not in (1, 2, 3, 5) then
        perform hq_call.refuse('LoyaltyPointUnknown', 'there is no such reward point or kind of entry');
    end if;
    select coalesce(sum(t.rewardpointamountqty), 0) + case when kind in (1, 5) then qty else -qty end into left_
    from   hq.retailloyaltycardrewardpointtrans t
    where  t.cardnumber = card and t.rewardpoint = p.recid;
    if kind = 2 and (left_ < 0 or p.redeemable = 0 or l.loyaltyblockeddate > timestamp '1900-01-01') then
        perform hq_call.refuse('LoyaltyPoints', 'there are not as many points to redeem on this card');
    end if;
    insert into hq.retailloyaltycardrewardpointtrans (cardnumber, cardtendertype, channel, custaccount, custaccountdataareaid, entrydate, entrytime, entrytype, expirationdate, loyaltytransdataareaid, loyaltytranslinenum,
                                                      receiptid, rewardpoint, rewardpointamountqty, staffid, storeid, terminalid, transactionid, recid)
    values (card, l.cardtendertype, channelid, coalesce(customer, ''), company, hq_call.today(), hq_call.seconds(), kind, timestamp '2154-12-31', company, line, coalesce(receipt, ''), p.recid,
            case when kind in (1, 5) then qty else -qty end, staff, store, terminal, transaction, nextval('hq_call.recid'));
    return left_::numeric(32,6)::text;
end $$;


-- Customers

create or replace function hq_call.customer_new(store text, fullname text, groupid text, currencycode text, language text, vat text, out accountnum text, out partynumber text, out customer bigint, out party bigint) language plpgsql as $$
declare
    s record;
begin
    select * into s from hq_call.shop(store);
    if btrim(fullname) = '' then
        perform hq_call.refuse('CustomerInvalid', 'a customer needs a name');
    end if;
    party := nextval('hq_call.recid');
    customer := nextval('hq_call.recid');
    partynumber := 'PN' || lpad(party::text, 16, '0');
    insert into hq.dirpartytable (name, namealias, partynumber, languageid, instancerelationtype, relationtype, createddatetime, modifieddatetime, createdby, modifiedby, recid)
    values (fullname, left(fullname, 20), partynumber, coalesce(language, ''), 2975, 2975, now() at time zone 'UTC', now() at time zone 'UTC', 'n1', 'n1', party);
    loop
        accountnum := 'N1-' || lpad(nextval('hq_call.customer')::text, 9, '0');
        insert into hq.custtable (accountnum, custgroup, currency, vatnum, party, createddatetime, modifieddatetime, modifiedby, dataareaid, recid)
        values (accountnum, groupid, coalesce(nullif(currencycode, ''), s.currency), coalesce(vat, ''), party, now() at time zone 'UTC', now() at time zone 'UTC', 'n1', s.company, customer)
        on conflict do nothing;
        exit when found;
    end loop;
end $$;

create or replace function hq_call.customer_update(store text, account text, fullname text, groupid text, vat text) returns text language plpgsql as $$
declare
    s record;
    c hq.custtable;
begin
    select * into s from hq_call.shop(store);
    select * into c from hq.custtable t where t.dataareaid = s.company and t.accountnum = account for update;
    if c.recid is null then
        perform hq_call.refuse('CustomerUnknown', 'there is no such customer');
    end if;
    update hq.custtable t
    set    custgroup = coalesce(groupid, t.custgroup), vatnum = coalesce(vat, t.vatnum), modifieddatetime = now() at time zone 'UTC', modifiedby = 'n1', recversion = t.recversion + 1
    where  t.recid = c.recid;
    update hq.dirpartytable p
    set    name = fullname, namealias = left(fullname, 20), modifieddatetime = now() at time zone 'UTC', modifiedby = 'n1', recversion = p.recversion + 1
    where  p.recid = c.party and btrim(fullname) <> '';
    return account;
end $$;


-- Store transactions and returns

create or replace function hq_call.returned_qty(l hq.retailtransactionsalestrans) returns numeric language sql stable as $$
    select l.returnqty + coalesce(sum(r.qty), 0)
    from   hq_call.returned r
    where  r.channel = l.channel and r.store = l.store and r.terminal = l.terminalid and r.transactionid = l.transactionid and r.linenum = l.linenum
$$;

create or replace function hq_call.lines(t hq.retailtransactiontable) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_array(l.linenum::text, l.itemid, l.barcode, (-l.qty)::text, l.unit, l.price::text, (-l.netamount)::text, (-l.taxamount)::text, l.discamount::text,
                                                hq_call.returned_qty(l)::text, l.inventdimid, l.inventserialid) order by l.linenum), '[]')
    from   hq.retailtransactionsalestrans l
    where  l.channel = t.channel and l.store = t.store and l.terminalid = t.terminal and l.transactionid = t.transactionid and l.dataareaid = t.dataareaid and l.transactionstatus = 0
$$;

-- Like returned_qty(), with what others have committed since the statement began.
create or replace function hq_call.returned_now(l hq.retailtransactionsalestrans) returns numeric language sql volatile as $$
    select l.returnqty + coalesce(sum(r.qty), 0)
    from   hq_call.returned r
    where  r.channel = l.channel and r.store = l.store and r.terminal = l.terminalid and r.transactionid = l.transactionid and r.linenum = l.linenum
$$;

-- `itemReturns` is XML as N-1 sends it. All lines are marked or none; the line of the sale is locked, so that two tills cannot
-- both take the last piece back.
create or replace function hq_call.mark_returned(caller text, itemreturns text) returns int language plpgsql as $$
declare
    document xml;
    r        record;
    l        hq.retailtransactionsalestrans;
    n        int := 0;
begin
    perform hq_call.shop(caller);
    begin
        document := xmlparse(document itemreturns);
    exception when others then
        perform hq_call.refuse('InvalidItems', 'the list of items is no XML document');
    end;
    for r in
        select x.channel, x.store, x.terminal, x.transaction, x.line, x.qty
        from   xmltable('/ItemReturns/ItemReturn' passing document
                        columns channel text path '@ChannelId', store text path '@StoreId', terminal text path '@TerminalId', transaction text path '@TransactionId', line text path '@LineId',
                                qty text path '@Quantity') x
        order  by x.channel, x.store, x.terminal, x.transaction, x.line
    loop
        if r.channel !~ '^[0-9]{1,18}$' or r.line !~ '^[0-9]{1,9}(\.[0-9]{1,6})?$' or r.qty !~ '^[0-9]{1,9}(\.[0-9]{1,6})?$' or r.channel is null or r.line is null or r.qty is null or r.qty::numeric = 0 then
            perform hq_call.refuse('InvalidItems', 'an item needs ChannelId, StoreId, TerminalId, TransactionId, LineId and a Quantity above zero');
        end if;
        select * into l
        from   hq.retailtransactionsalestrans t
        where  t.channel = r.channel::bigint and t.store = r.store and t.terminalid = r.terminal and t.transactionid = r.transaction and t.linenum = r.line::numeric
        for    update;
        if l.recid is null then
            perform hq_call.refuse('TransactionUnknown', 'there is no such line to be returned');
        end if;
        if hq_call.returned_now(l) + r.qty::numeric > -l.qty then
            perform hq_call.refuse('ReturnTooMuch', 'more would come back than was sold');
        end if;
        insert into hq_call.returned (channel, store, terminal, transactionid, linenum, qty, bystore)
        values (l.channel, l.store, l.terminalid, l.transactionid, l.linenum, r.qty::numeric, caller);
        n := n + 1;
    end loop;
    if n = 0 then
        perform hq_call.refuse('InvalidItems', 'the list has no items');
    end if;
    return n;
end $$;

-- Devices. A device gets a random token when it is activated; only a salted hash of it is kept.

create or replace function hq_call.check_device_staff(caller text, staff text) returns void language plpgsql stable as $$
begin
    if not exists (select from hq_call.permission p where p.staff = check_device_staff.staff and p.store = caller and (p.devices or p.manager)) then
        perform hq_call.refuse('AuthorizationFailed', 'the worker may not manage devices in this store');
    end if;
end $$;

create or replace function hq_call.device_hash(token text, salt text) returns text language sql immutable as
$$ select encode(sha256(convert_to(salt || token, 'UTF8')), 'hex') $$;

create or replace function hq_call.device_of(caller text, device text) returns hq.retaildevice language plpgsql as $$
declare
    d hq.retaildevice;
    s record;
begin
    select * into s from hq_call.shop(caller);
    select * into d from hq.retaildevice t where t.deviceid = device for update;
    if d.recid is null or not exists (select from hq.retailterminaltable t where t.terminalid = d.terminal and t.storerecid = s.channel) then
        perform hq_call.refuse('InvalidDevice', 'the store has no such device');
    end if;
    return d;
end $$;

create or replace function hq_call.device_activate(caller text, device text, terminal text, staff text, out devicetoken text, out storeid text, out channelid bigint, out terminalid text) language plpgsql as $$
declare
    d    hq.retaildevice := hq_call.device_of(caller, device);
    salt text := replace(gen_random_uuid()::text, '-', '');
begin
    perform hq_call.check_device_staff(caller, staff);
    if d.terminal <> terminal then
        perform hq_call.refuse('InvalidTerminal', 'the device belongs to another terminal');
    end if;
    if d.activationstatus = 2 then
        perform hq_call.refuse('DeviceActive', 'the device is active already; deactivate it first');
    end if;
    devicetoken := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    update hq.retaildevice t
    set    activationstatus = 2, activateddatetime = now() at time zone 'UTC', activationstaffid = staff, devicetokensalt = salt, devicetokendata = hq_call.device_hash(devicetoken, salt),
           devicetokenalgorithm = 'SHA256', devicetokenissuetime = now() at time zone 'UTC', modifieddatetime = now() at time zone 'UTC', recversion = t.recversion + 1
    where  t.recid = d.recid;
    select c.recid into channelid from hq.retailstoretable c where c.storenumber = caller;
    storeid := caller;
    terminalid := d.terminal;
end $$;

create or replace function hq_call.device_check(caller text, device text, token text) returns hq.retaildevice language plpgsql as $$
declare
    d hq.retaildevice := hq_call.device_of(caller, device);
begin
    if d.activationstatus <> 2 or d.devicetokendata = '' or d.devicetokendata <> hq_call.device_hash(token, d.devicetokensalt) then
        perform hq_call.refuse('InvalidDeviceToken', 'the device is not active, or has another token');
    end if;
    return d;
end $$;

create or replace function hq_call.device_deactivate(caller text, device text, token text, staff text) returns void language plpgsql as $$
declare
    d hq.retaildevice := hq_call.device_check(caller, device, token);
begin
    update hq.retaildevice t
    set    activationstatus = 3, deactivateddatetime = now() at time zone 'UTC', deactivationstaffid = staff, devicetokendata = '', devicetokensalt = '', modifieddatetime = now() at time zone 'UTC',
           recversion = t.recversion + 1
    where  t.recid = d.recid;
end $$;
