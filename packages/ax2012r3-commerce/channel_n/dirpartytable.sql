-- key: recid
-- jobs: 1010_AX7, 1060_AX7, 1070_AX7
-- scope: all
select t.recid,
       t.knownas,
       t.languageid,
       t.name,
       t.namealias,
       t.partynumber,
       t.createddatetime,
       t.modifieddatetime
from hq.dirpartytable t
