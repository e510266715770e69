-- key: recid
select t.channelprofiletype,
       t.name,
       0 as issystemrecord,
       t.recversion,
       t.partition,
       t.recid
from old.retailchannelprofile t
