-- key: recid
select h.channelprofiletype,
       h.name,
       h.recversion,
       h.partition,
       h.recid
from hq.retailchannelprofile h
