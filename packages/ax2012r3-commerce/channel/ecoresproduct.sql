-- key: recid
-- jobs: 1040
-- scope: all
select t.recid,
       t.displayproductnumber,
       t.instancerelationtype,
       t.producttype,
       t.searchname,
       t.relationtype
from old.ecoresproduct t
