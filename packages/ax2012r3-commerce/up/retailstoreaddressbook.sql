-- key: recid
select t.addressbook,
       t.addressbooktype,
       t.storerecid,
       t.recversion,
       t.partition,
       t.recid
from old.retailstoreaddressbook t
