-- id: RT17
-- title: registers, tenders and shifts per store
-- kind: conservation
-- key: storenumber
-- compare: terminals exact, tenders exact, shifts exact
-- area: retail
-- why: a store that misses a register or a tender cannot open
select s.storenumber, coalesce(t.n, 0) as terminals, coalesce(p.n, 0) as tenders, coalesce(b.n, 0) as shifts
from   retailstoretable s
left   join (select storerecid, count(*) as n from retailterminaltable group by storerecid) t on t.storerecid = s.recid
left   join (select channel, count(*) as n from retailstoretendertypetable group by channel) p on p.channel = s.recid
left   join (select storeid, count(*) as n from retailposbatchtable group by storeid) b on b.storeid = s.storenumber
