-- key: recid
-- jobs: 1040
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
from old.inventitembarcode t
