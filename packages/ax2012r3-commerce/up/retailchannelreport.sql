-- key: recid
select t.reportdefinitionxml,
       t.reportid,
       t.reportname,
       t.recversion,
       t.partition,
       t.recid
from old.retailchannelreport t
