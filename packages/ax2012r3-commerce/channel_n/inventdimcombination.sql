-- key: itemid, inventdimid, dataareaid
-- jobs: 1040_AX7
-- scope: all
select t.recid,
       t.distinctproductvariant,
       t.inventdimid,
       t.itemid,
       t.retailvariantid,
       t.createddatetime,
       t.dataareaid
from hq.inventdimcombination t
