-- key: recid
select t.channelprofile,
       t.key_,
       t.value,
       0 as issystemrecord,
       t.recversion,
       t.partition,
       t.recid
from old.retailchannelprofileproperty t
