-- key: recid
select t.person,
       t.personnelnumber,
       t.modifieddatetime,
       t.createddatetime,
       t.recversion,
       t.partition,
       t.recid
from old.hcmworker t
