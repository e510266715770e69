-- key: recid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.channelprofile,
       t.key_ as key,
       t.value
from hq.retailchannelprofileproperty t
