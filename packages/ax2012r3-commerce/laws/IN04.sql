-- id: IN04
-- title: settled quantity and cost of a stock transaction equal its live settlements
-- kind: invariant
-- key: recid
-- area: inventory
-- why: the next inventory close continues from these figures
select t.recid, t.qtysettled, s.q, t.costamountsettled, s.c, t.costamountadjustment, s.a
from   inventtrans t
left   join (select transrecid, sum(qtysettled) as q, sum(costamountsettled) as c, sum(costamountadjustment) as a
             from   inventsettlement
             where  cancelled = 0
             group  by transrecid) s on s.transrecid = t.recid
where  abs(t.qtysettled - coalesce(s.q, 0)) > 0.000001
or     abs(t.costamountsettled - coalesce(s.c, 0)) > :'money_tolerance'
or     abs(t.costamountadjustment - coalesce(s.a, 0)) > :'money_tolerance'
