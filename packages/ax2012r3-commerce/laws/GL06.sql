-- id: GL06
-- title: ledger references lead to a row
-- kind: invariant
-- key: what, recid
-- area: ledger
-- why: an amount without entry, ledger, account or dimension is invisible in reports
select v.what, a.recid
from   generaljournalaccountentry a
left   join generaljournalentry e on e.recid = a.generaljournalentry
left   join dimensionattributevaluecombination d on d.recid = a.ledgerdimension
left   join mainaccount m on m.recid = d.mainaccount
cross  join lateral (values ('entry', e.recid is null),
                            ('dimension', d.recid is null),
                            ('mainaccount', d.recid is not null and (m.recid is null or a.mainaccount not in (0, d.mainaccount)))) v(what, broken)
where  v.broken
union  all
select 'ledger', e.recid
from   generaljournalentry e
left   join ledger l on l.recid = e.ledger
where  l.recid is null
