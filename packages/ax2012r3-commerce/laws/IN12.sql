-- id: IN12
-- title: cost posted financially by inventory equals the ledger entries of the voucher
-- kind: invariant
-- key: dataareaid, voucher, transdate, ledgerdimension
-- area: inventory
-- why: stock and ledger must tell the same value; AX has its own conflict check for this
select p.dataareaid, p.voucher, p.transdate, p.ledgerdimension, p.cost, coalesce(g.acc, 0) as ledger
from   (select p.dataareaid, p.voucher, p.transdate, p.ledgerdimension,
               sum(t.costamountposted) filter (where t.voucher = p.voucher and t.datefinancial = p.transdate) as cost,
               count(*) filter (where t.voucher = p.voucher and t.datefinancial = p.transdate) as n
        from   inventtransposting p
        join   inventtrans t on t.inventtransorigin = p.inventtransorigin
        where  p.isposted = 1 and p.inventtranspostingtype = 1
        group  by p.dataareaid, p.voucher, p.transdate, p.ledgerdimension) p
left   join (select s.voucherdataareaid, s.voucher, s.accountingdate, a.ledgerdimension, sum(a.acc) as acc
             from   (select generaljournalentry, ledgerdimension, sum(accountingcurrencyamount) as acc
                     from   generaljournalaccountentry
                     group  by generaljournalentry, ledgerdimension) a
             join   subledgervouchergeneraljournalentry s on s.generaljournalentry = a.generaljournalentry
             group  by s.voucherdataareaid, s.voucher, s.accountingdate, a.ledgerdimension) g
       on g.voucherdataareaid = p.dataareaid and g.voucher = p.voucher and g.accountingdate = p.transdate
       and g.ledgerdimension = p.ledgerdimension
where  abs(p.cost - coalesce(g.acc, 0)) > 0.01 * p.n
