-- key: recid
-- jobs: 1040_AX7
-- scope: all
select t.recid,
       t.displayproductnumber,
       t.instancerelationtype,
       t.producttype,
       t.searchname,
       t.relationtype
from hq.ecoresproduct t
