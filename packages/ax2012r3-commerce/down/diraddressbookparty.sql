-- key: recid
select h.addressbook,
       h.party,
       h.recversion,
       h.partition,
       h.recid
from hq.diraddressbookparty h
