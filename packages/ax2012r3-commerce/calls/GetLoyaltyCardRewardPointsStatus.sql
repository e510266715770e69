-- title: the points of a loyalty card
-- why: one row for each kind of points
-- effect: read
-- parameter: loyaltyCardNumber str 30
-- parameter: channelLocalDate date optional
-- returns: rows
-- payload: rewardPointId, rewardPointType, redeemable, earned, used, active
select p.rewardpointid,
       p.rewardpointtype,
       p.redeemable = 1,
       coalesce(sum(t.rewardpointamountqty) filter (where t.entrytype in (1, 3, 4)), 0)::numeric(32,6)::text,
       coalesce(-sum(t.rewardpointamountqty) filter (where t.entrytype in (2, 5)), 0)::numeric(32,6)::text,
       coalesce(sum(t.rewardpointamountqty), 0)::numeric(32,6)::text
from   hq.retailloyaltycard l
cross  join hq.retailloyaltyrewardpoint p
left   join hq.retailloyaltycardrewardpointtrans t on t.cardnumber = l.cardnumber and t.rewardpoint = p.recid
       and t.entrydate <= coalesce(:channelLocalDate, date '9999-12-31')
where  l.cardnumber = :loyaltyCardNumber
group  by p.recid, p.rewardpointid, p.rewardpointtype, p.redeemable
order  by p.rewardpointid
