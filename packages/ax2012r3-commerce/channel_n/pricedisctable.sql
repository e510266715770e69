-- key: recid
-- jobs: 1020_AX7
-- scope: all
-- What customers pay: agreements with vendors are no business of tills.
select t.recid,
       t.accountcode,
       t.accountrelation,
       t.agreement,
       t.agreementheaderext_ru,
       t.allocatemarkup,
       t.amount,
       t.calendardays,
       t.currency,
       t.deliverytime,
       t.fromdate,
       t.genericcurrency,
       t.inventdimid,
       t.itemcode,
       t.itemrelation,
       t.markup,
       t.maximumretailprice_in,
       t.module,
       t.percent1,
       t.percent2,
       t.priceunit,
       t.quantityamountfrom,
       t.quantityamountto,
       t.relation,
       t.searchagain,
       t.todate,
       t.unitid,
       t.modifieddatetime,
       t.dataareaid
from hq.pricedisctable t
where t.relation between 4 and 7
