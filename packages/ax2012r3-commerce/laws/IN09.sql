-- id: IN09
-- title: stock transactions lead to their origin, dimension and item
-- kind: invariant
-- key: what, recid
-- area: inventory
-- why: a transaction without origin, dimension or item cannot be reported, settled or closed
select v.what, t.recid
from   inventtrans t
left   join inventtransorigin o on o.recid = t.inventtransorigin
left   join inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid
left   join inventtable i on i.dataareaid = t.dataareaid and i.itemid = t.itemid
cross  join lateral (values ('origin', o.recid), ('dim', d.recid), ('item', i.recid)) v(what, ref)
where  v.ref is null
