-- key: itemid, moduletype, dataareaid
-- jobs: 1040_AX7
-- scope: all
select t.recid,
       t.allocatemarkup,
       t.enddisc,
       t.intercompanyblocked,
       t.itemid,
       t.linedisc,
       t.markup,
       t.markupgroupid,
       t.maximumretailprice_in,
       t.moduletype,
       t.multilinedisc,
       t.overdeliverypct,
       t.price,
       t.pricedate,
       t.priceqty,
       t.priceunit,
       t.suppitemgroupid,
       t.taxitemgroupid,
       t.underdeliverypct,
       t.unitid,
       t.dataareaid
from hq.inventtablemodule t
