-- key: recid
select h.addressbook,
       h.addressbooktype,
       h.storerecid,
       h.recversion,
       h.partition,
       h.recid
from hq.retailstoreaddressbook h
