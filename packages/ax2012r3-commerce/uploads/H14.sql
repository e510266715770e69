-- title: What was paid is what was due
-- why: More or less than the rounding of the store would be a debt of somebody.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'gross ' || t.grossamount || ', paid ' || t.paymentamount || ', on account ' || t.amounttoaccount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
join   hq.retailchanneltable c on c.recid = t.channel
left   join hq.retailstoretable s on s.storenumber = t.store
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    abs(t.grossamount + t.paymentamount + t.amounttoaccount) > greatest(coalesce(s.maxroundingamount, 0), :money_tolerance)
