-- key: recid
-- jobs: 1040_AX7
-- scope: all
select t.recid,
       t.barcodesetupid,
       t.blocked,
       t.description,
       t.inventdimid,
       t.itembarcode,
       t.itemid,
       t.qty,
       t.retailshowforitem,
       t.retailvariantid,
       t.unitid,
       t.useforinput,
       t.useforprinting,
       t.dataareaid
from hq.inventitembarcode t
