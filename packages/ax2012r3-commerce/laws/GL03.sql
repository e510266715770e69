-- id: GL03
-- title: every voucher balances per company, date and layer
-- kind: invariant
-- key: voucher, voucherdataareaid, accountingdate, postinglayer
-- area: ledger
-- why: the voucher is what an accountant sees; one voucher may own several entries
select s.voucher, s.voucherdataareaid, s.accountingdate, e.postinglayer, sum(a.diff) as diff
from   subledgervouchergeneraljournalentry s
join   generaljournalentry e on e.recid = s.generaljournalentry
join   (select generaljournalentry, sum(accountingcurrencyamount) as diff
        from   generaljournalaccountentry
        group  by generaljournalentry) a on a.generaljournalentry = e.recid
group  by s.voucher, s.voucherdataareaid, s.accountingdate, e.postinglayer
having abs(sum(a.diff)) > :'money_tolerance'
