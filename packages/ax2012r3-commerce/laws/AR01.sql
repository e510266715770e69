-- id: AR01
-- title: open amount of a customer transaction equals its open lines
-- kind: invariant
-- key: dataareaid, recid
-- area: receivables
-- why: an invoice is paid once: what is open must be exactly what is left
select t.dataareaid, t.recid, t.accountnum, t.amountcur - t.settleamountcur as remain, coalesce(o.a, 0) as opensum
from   custtrans t
left   join (select refrecid, dataareaid, sum(amountcur) as a
             from   custtransopen
             group  by refrecid, dataareaid) o on o.refrecid = t.recid and o.dataareaid = t.dataareaid
where  abs(t.amountcur - t.settleamountcur - coalesce(o.a, 0)) > :'money_tolerance'
