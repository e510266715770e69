-- key: recid
-- jobs: 1070
-- scope: all
select t.recid,
       t.channelprofiletype,
       t.name
from old.retailchannelprofile t
