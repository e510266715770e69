-- id: GL10
-- title: every journal entry is linked to one voucher of its own date
-- kind: invariant
-- key: recid
-- area: ledger
-- why: the voucher link is how a user gets from a document to the ledger
select s.recid, s.voucher, s.accountingdate, e.accountingdate as entrydate
from   subledgervouchergeneraljournalentry s
left   join generaljournalentry e on e.recid = s.generaljournalentry
where  e.recid is null or e.accountingdate <> s.accountingdate
