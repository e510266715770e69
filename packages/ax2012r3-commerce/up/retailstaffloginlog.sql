-- key: recid
select t.staffid,
       t.storeid,
       t.terminalid,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.retailstaffloginlog t
