-- key: recid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.channelprofiletype,
       t.name
from hq.retailchannelprofile t
