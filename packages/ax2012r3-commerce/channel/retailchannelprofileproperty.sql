-- key: recid
-- jobs: 1070
-- scope: all
select t.recid,
       t.channelprofile,
       t.key_ as key,
       t.value
from old.retailchannelprofileproperty t
