-- key: recid
-- jobs: 1090
-- scope: all
select t.recid,
       t.reportdefinitionxml,
       t.reportid,
       t.reportname
from old.retailchannelreport t
