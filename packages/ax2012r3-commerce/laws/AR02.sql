-- id: AR02
-- title: settled amount of a customer transaction equals its settlements
-- kind: invariant
-- key: dataareaid, recid
-- area: receivables
-- why: the settlement history explains the settled amount
select t.dataareaid, t.recid, t.settleamountcur, coalesce(s.a, 0) as settled
from   custtrans t
left   join (select transrecid, transcompany, sum(settleamountcur) as a
             from   custsettlement
             group  by transrecid, transcompany) s on s.transrecid = t.recid and s.transcompany = t.dataareaid
where  abs(t.settleamountcur - coalesce(s.a, 0)) > :'money_tolerance'
