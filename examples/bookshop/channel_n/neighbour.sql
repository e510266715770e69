-- key: channel_group, store
-- jobs: 11
-- scope: group
select m.channel_group,
       m.store
from   carryover.n1_member m
