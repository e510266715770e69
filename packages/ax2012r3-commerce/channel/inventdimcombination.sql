-- key: itemid, inventdimid, dataareaid
-- jobs: 1040
-- scope: all
select t.recid,
       t.distinctproductvariant,
       t.inventdimid,
       t.itemid,
       t.retailvariantid,
       t.createddatetime,
       t.dataareaid
from old.inventdimcombination t
