-- key: recid
select h.position,
       h.validfrom,
       h.validfromtzid,
       h.validto,
       h.validtotzid,
       h.assignmentreasoncode,
       h.worker,
       h.modifieddatetime,
       h.createddatetime,
       h.recversion,
       h.partition,
       h.recid
from hq.hcmpositionworkerassignment h
