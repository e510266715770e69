-- key: recid
select h.person,
       h.personnelnumber,
       h.modifieddatetime,
       h.createddatetime,
       h.recversion,
       h.partition,
       h.recid
from hq.hcmworker h
