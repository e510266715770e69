-- key: recid
select t.addressbook,
       t.party,
       0 as skipupdateaddressbooknames,
       t.recversion,
       t.partition,
       t.recid
from old.diraddressbookparty t
