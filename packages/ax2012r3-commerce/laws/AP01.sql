-- id: AP01
-- title: open amount of a vendor transaction equals its open lines
-- kind: invariant
-- key: dataareaid, recid
-- area: payables
-- why: an invoice is paid once: what is open must be exactly what is left
select t.dataareaid, t.recid, t.accountnum, t.amountcur - t.settleamountcur as remain, coalesce(o.a, 0) as opensum
from   vendtrans t
left   join (select refrecid, dataareaid, sum(amountcur) as a
             from   vendtransopen
             group  by refrecid, dataareaid) o on o.refrecid = t.recid and o.dataareaid = t.dataareaid
where  abs(t.amountcur - t.settleamountcur - coalesce(o.a, 0)) > :'money_tolerance'
