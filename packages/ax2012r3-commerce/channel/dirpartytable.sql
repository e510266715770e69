-- key: recid
-- jobs: 1010, 1060, 1070
-- scope: all
select t.recid,
       t.instancerelationtype,
       t.knownas,
       t.languageid,
       t.name,
       t.namealias,
       t.partynumber,
       t.createddatetime,
       t.modifieddatetime
from old.dirpartytable t
