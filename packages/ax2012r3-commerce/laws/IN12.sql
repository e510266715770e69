-- id: IN12
-- title: cost posted financially by inventory equals the ledger entries of the voucher
-- kind: invariant
-- key: dataareaid, voucher, transdate, ledgerdimension
-- area: inventory
-- why: stock and ledger must tell the same value; AX has its own conflict check for this
select p.dataareaid, p.voucher, p.transdate, p.ledgerdimension, p.cost, coalesce(sum(a.accountingcurrencyamount), 0) as ledger
from   (select p.dataareaid, p.voucher, p.transdate, p.ledgerdimension, sum(t.costamountposted) as cost, count(*) as n
        from   inventtransposting p
        join   inventtrans t on t.inventtransorigin = p.inventtransorigin and t.dataareaid = p.dataareaid
               and t.voucher = p.voucher and t.datefinancial = p.transdate
        where  p.isposted = 1 and p.inventtranspostingtype = 1
        group  by p.dataareaid, p.voucher, p.transdate, p.ledgerdimension) p
left   join subledgervouchergeneraljournalentry s
       on s.voucherdataareaid = p.dataareaid and s.voucher = p.voucher and s.accountingdate = p.transdate
left   join generaljournalaccountentry a on a.generaljournalentry = s.generaljournalentry and a.ledgerdimension = p.ledgerdimension
group  by p.dataareaid, p.voucher, p.transdate, p.ledgerdimension, p.cost, p.n
having abs(p.cost - coalesce(sum(a.accountingcurrencyamount), 0)) > 0.01 * p.n
