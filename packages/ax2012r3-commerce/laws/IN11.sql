-- id: IN11
-- title: cost posted by inventory per voucher and ledger dimension
-- kind: conservation
-- key: dataareaid, voucher, transdate, inventtranspostingtype, ledgerdimension
-- compare: cost :money_tolerance, n exact
-- area: inventory
-- why: ties the stock transactions to the ledger accounts they were posted to
select p.dataareaid, p.voucher, p.transdate, p.inventtranspostingtype, p.ledgerdimension, sum(t.cost) as cost, count(*) as n
from   inventtransposting p
join   (select s.inventtransorigin, s.dataareaid, v.inventtranspostingtype, v.voucher, v.transdate, v.cost
        from   inventtrans s
        cross  join lateral (values (1, s.voucher, s.datefinancial, s.costamountposted),
                                    (0, s.voucherphysical, s.datephysical, s.costamountphysical)) v(inventtranspostingtype, voucher, transdate, cost)
        where  v.voucher <> '') t
       on t.inventtransorigin = p.inventtransorigin and t.dataareaid = p.dataareaid and t.inventtranspostingtype = p.inventtranspostingtype
       and t.voucher = p.voucher and t.transdate = p.transdate
where  p.isposted = 1
group  by p.dataareaid, p.voucher, p.transdate, p.inventtranspostingtype, p.ledgerdimension
