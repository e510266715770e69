-- key: recid
select h.itemid,
       h.inventdimid,
       h.distinctproductvariant,
       h.retailvariantid,
       h.createddatetime,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.inventdimcombination h
