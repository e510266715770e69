-- key: recid
select t.position,
       t.validfrom,
       t.validfromtzid,
       t.validto,
       t.validtotzid,
       t.assignmentreasoncode,
       t.worker,
       t.modifieddatetime,
       t.createddatetime,
       t.recversion,
       t.partition,
       t.recid
from old.hcmpositionworkerassignment t
