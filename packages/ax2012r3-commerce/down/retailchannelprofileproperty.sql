-- key: recid
select h.channelprofile,
       h.key_,
       h.value,
       h.recversion,
       h.partition,
       h.recid
from hq.retailchannelprofileproperty h
