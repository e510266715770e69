-- key: recid
select t.expirationtimeunit,
       t.expirationtimevalue,
       t.redeemable,
       t.redeemranking,
       t.rewardpointcurrency,
       t.rewardpointid,
       t.rewardpointtype,
       0 as vestingtimeunit,
       0 as vestingtimevalue,
       0::bigint as maximumloyaltyrewardpoints,
       t.recversion,
       t.partition,
       t.recid
from old.retailloyaltyrewardpoint t
