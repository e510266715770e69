-- key: recid
select h.currencycode,
       h.entryid,
       h.mcrgiftcardtype,
       h.replicationcounter,
       h.reserved,
       h.reservedbychannel,
       h.reservedbyterminalid,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.retailgiftcardtable h
