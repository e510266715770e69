-- key: recid
-- jobs: 1090_AX7
-- scope: all
select t.recid,
       t.reportdefinitionxml,
       t.reportid,
       t.reportname
from hq.retailchannelreport t
