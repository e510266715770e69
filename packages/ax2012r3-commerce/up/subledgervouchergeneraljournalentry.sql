-- key: recid
select t.voucher,
       t.voucherdataareaid,
       t.generaljournalentry,
       t.accountingdate,
       t.recversion,
       t.partition,
       t.recid
from old.subledgervouchergeneraljournalentry t
