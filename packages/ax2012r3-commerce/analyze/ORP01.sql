-- id: ORP01
-- section: data
-- severity: warning
-- title: references to rows that are gone
-- why: upgrade scripts stop on such rows, and reports of version N do not show them
-- fix: restore the missing row or remove the orphan in version N-1; the laws will name them as "the source already had it"
-- tables: custtable, custtrans, custtransopen, dimensionattributevaluecombination, dirpartytable, generaljournalaccountentry, inventdim, inventsum, inventtable, inventtrans, inventtransorigin, retailgiftcardtable, retailgiftcardtransactions, retailstoretable, retailterminaltable, retailtransactionpaymenttrans, retailtransactionsalestrans, retailtransactiontable, vendtable, vendtrans, vendtransopen
select 'inventtrans.itemid' as subject, count(*) || ' rows lead to no item, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   inventtrans t left join inventtable i on i.dataareaid = t.dataareaid and i.itemid = t.itemid where i.recid is null
having count(*) > 0
union  all
select 'inventtrans.inventdimid' as subject, count(*) || ' rows lead to no inventory dimension, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   inventtrans t left join inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid where d.recid is null
having count(*) > 0
union  all
select 'inventsum.inventdimid' as subject, count(*) || ' rows lead to no inventory dimension, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   inventsum t left join inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid where d.recid is null
having count(*) > 0
union  all
select 'inventtrans.inventtransorigin' as subject, count(*) || ' rows lead to no origin, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   inventtrans t left join inventtransorigin o on o.recid = t.inventtransorigin where o.recid is null
having count(*) > 0
union  all
select 'generaljournalaccountentry.ledgerdimension' as subject, count(*) || ' rows lead to no dimension combination, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   generaljournalaccountentry t left join dimensionattributevaluecombination d on d.recid = t.ledgerdimension where d.recid is null
having count(*) > 0
union  all
select 'custtransopen.refrecid' as subject, count(*) || ' rows lead to no customer transaction, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   custtransopen t left join custtrans c on c.recid = t.refrecid where c.recid is null
having count(*) > 0
union  all
select 'vendtransopen.refrecid' as subject, count(*) || ' rows lead to no vendor transaction, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   vendtransopen t left join vendtrans c on c.recid = t.refrecid where c.recid is null
having count(*) > 0
union  all
select 'retailtransactionsalestrans.transactionid' as subject, count(*) || ' rows lead to no sales header, e.g. ' || min(t.transactionid) as detail, 0::bigint as bytes
from   retailtransactionsalestrans t left join retailtransactiontable h on h.store = t.store and h.terminal = t.terminalid and h.transactionid = t.transactionid and h.channel = t.channel and h.dataareaid = t.dataareaid where h.recid is null
having count(*) > 0
union  all
select 'retailtransactionpaymenttrans.transactionid' as subject, count(*) || ' rows lead to no sales header, e.g. ' || min(t.transactionid) as detail, 0::bigint as bytes
from   retailtransactionpaymenttrans t left join retailtransactiontable h on h.store = t.store and h.terminal = t.terminal and h.transactionid = t.transactionid and h.channel = t.channel and h.dataareaid = t.dataareaid where h.recid is null
having count(*) > 0
union  all
select 'retailgiftcardtransactions.cardnumber' as subject, count(*) || ' rows lead to no gift card, e.g. ' || min(t.recid) as detail, 0::bigint as bytes
from   retailgiftcardtransactions t left join retailgiftcardtable c on c.dataareaid = t.dataareaid and c.entryid = t.cardnumber where c.recid is null
having count(*) > 0
union  all
select 'custtable.party' as subject, count(*) || ' rows lead to no party, e.g. ' || min(t.accountnum) as detail, 0::bigint as bytes
from   custtable t left join dirpartytable p on p.recid = t.party where p.recid is null
having count(*) > 0
union  all
select 'vendtable.party' as subject, count(*) || ' rows lead to no party, e.g. ' || min(t.accountnum) as detail, 0::bigint as bytes
from   vendtable t left join dirpartytable p on p.recid = t.party where p.recid is null
having count(*) > 0
union  all
select 'retailterminaltable.storerecid' as subject, count(*) || ' rows lead to no store, e.g. ' || min(t.terminalid) as detail, 0::bigint as bytes
from   retailterminaltable t left join retailstoretable s on s.recid = t.storerecid where s.recid is null
having count(*) > 0
