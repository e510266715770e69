-- key: recid
select h.expirationtimeunit,
       h.expirationtimevalue,
       h.redeemable,
       h.redeemranking,
       h.rewardpointcurrency,
       h.rewardpointid,
       h.rewardpointtype,
       h.recversion,
       h.partition,
       h.recid
from hq.retailloyaltyrewardpoint h
