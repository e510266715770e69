-- id: AP03
-- title: settled amount of a vendor transaction equals its settlements
-- kind: invariant
-- key: dataareaid, recid
-- area: payables
-- why: the settlement history explains the settled amount
select t.dataareaid, t.recid, t.settleamountcur, coalesce(s.a, 0) as settled
from   vendtrans t
left   join (select transrecid, transcompany, sum(settleamountcur) as a
             from   vendsettlement
             group  by transrecid, transcompany) s on s.transrecid = t.recid and s.transcompany = t.dataareaid
where  abs(t.settleamountcur - coalesce(s.a, 0)) > :'money_tolerance'
