-- id: GL11
-- title: the main account of a ledger line is filled
-- kind: invariant
-- key: recid
-- area: ledger
-- why: version N reports by the main account of the line itself; version N-1 could leave it to the dimension combination
select a.recid
from   generaljournalaccountentry a
where  false
