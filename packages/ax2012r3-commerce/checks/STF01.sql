-- id: STF01
-- severity: warning
-- title: every store has workers in its employee address book
-- why: nobody else may sign in there
-- fix: add an address book of the type employee to the store, and the workers to it
select s.storenumber, 'nobody is in its address book'
from   hq.retailstoretable s
where  not exists (select from hq.retailstoreaddressbook b
                   join   hq.diraddressbookparty p on p.addressbook = b.addressbook
                   join   hq.hcmworker w on w.person = p.party
                   where  b.storerecid = s.recid and b.addressbooktype = 1)
order  by 1
