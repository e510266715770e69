-- key: recid
-- loses: del_modifiedtime: fields marked DEL_ are not carried over
-- rounds: qty: to 6 decimals, half away from zero
select h.itembarcode,
       h.itemid,
       h.inventdimid,
       h.barcodesetupid,
       h.useforprinting,
       h.useforinput,
       h.description,
       h.qty::numeric(32,16) as qty,
       h.unitid,
       h.retailvariantid,
       h.retailshowforitem,
       h.blocked,
       h.modifieddatetime,
       0 as del_modifiedtime,
       h.modifiedby,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.inventitembarcode h
