-- key: recid
select h.reportdefinitionxml,
       h.reportid,
       h.reportname,
       h.recversion,
       h.partition,
       h.recid
from hq.retailchannelreport h
