-- key: channel_group, store
-- jobs: 20
-- scope: group
-- The shops of a group know of each other.
select m.channel_group,
       m.store
from   carryover.n1_member m
