-- title: the latest entries of a loyalty card
-- why: the newest first
-- effect: read
-- parameter: loyaltyCardNumber str 30
-- parameter: rewardPointId str 64 optional
-- parameter: topRows int
-- returns: rows
-- payload: transactionId, points, entryType, rewardPointId, storeId, terminalId, entryDate, entryTime
select t.transactionid,
       t.rewardpointamountqty::text,
       t.entrytype,
       p.rewardpointid,
       t.storeid,
       t.terminalid,
       to_char(t.entrydate, 'YYYY-MM-DD'),
       t.entrytime
from   hq.retailloyaltycardrewardpointtrans t
join   hq.retailloyaltyrewardpoint p on p.recid = t.rewardpoint
where  t.cardnumber = :loyaltyCardNumber
and    p.rewardpointid = coalesce(:rewardPointId, p.rewardpointid)
order  by t.entrydate desc, t.entrytime desc, t.recid desc
limit  least(greatest(:topRows, 0), 1000)
