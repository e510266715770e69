-- Stores of version N with a terminal, a worker and a gift card each, as copies of those of the sample: number :from to :to.
-- The worker's password is that of worker :worker. Run again it adds only what is missing.

create temp table made as
select i, 7000000000000 + i as id, 'B' || lpad(i::text, 5, '0') as name from generate_series(:from, :to) i
where  not exists (select from hq.retailstoretable s where s.storenumber = 'B' || lpad(i::text, 5, '0'));

insert into hq.retailchanneltable
select (jsonb_populate_record(c, jsonb_build_object('recid', m.id, 'omoperatingunitid', m.id, 'retailchannelid', m.id))).*
from   made m, hq.retailchanneltable c join hq.retailstoretable s on s.recid = c.recid and s.storenumber = '000001';

insert into hq.retailstoretable
select (jsonb_populate_record(s, jsonb_build_object('recid', m.id, 'storenumber', m.name))).*
from   made m, hq.retailstoretable s where s.storenumber = '000001';

insert into hq.retailterminaltable
select (jsonb_populate_record(t, jsonb_build_object('recid', m.id, 'terminalid', m.name, 'storerecid', m.id))).*
from   made m, hq.retailterminaltable t where t.terminalid = '000001';

insert into hq.retailstafftable
select (jsonb_populate_record(t, jsonb_build_object('recid', m.id, 'staffid', m.name, 'changepassword', 0))).*
from   made m, hq.retailstafftable t where t.staffid = :'worker';

insert into hq.hcmworker
select (jsonb_populate_record(w, jsonb_build_object('recid', m.id, 'person', m.id, 'personnelnumber', m.name))).*
from   made m, hq.hcmworker w where w.personnelnumber = :'worker';

insert into hq.diraddressbookparty
select (jsonb_populate_record(p.x, jsonb_build_object('recid', m.id, 'addressbook', m.id, 'party', m.id))).*
from   made m, (select x from hq.diraddressbookparty x limit 1) p;

insert into hq.retailstoreaddressbook
select (jsonb_populate_record(p.x, jsonb_build_object('recid', m.id, 'addressbook', m.id, 'storerecid', m.id))).*
from   made m, (select x from hq.retailstoreaddressbook x where x.addressbooktype = 1 limit 1) p;

insert into hq.retailgiftcardtable (entryid, currencycode, dataareaid, recid)
select m.name, c.currency, c.inventlocationdataareaid, m.id from made m join hq.retailchanneltable c on c.recid = m.id;

insert into hq.retailgiftcardtransactions (amount, cardnumber, channel, operation, terminalid, transdate, dataareaid, recid)
select 100000, m.name, m.id, 0, m.name, current_date, c.inventlocationdataareaid, m.id
from   made m join hq.retailchanneltable c on c.recid = m.id;

analyze;
