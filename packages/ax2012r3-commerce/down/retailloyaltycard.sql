-- key: recid
select h.cardnumber,
       h.cardtendertype,
       h.party,
       h.recversion,
       h.partition,
       h.recid
from hq.retailloyaltycard h
