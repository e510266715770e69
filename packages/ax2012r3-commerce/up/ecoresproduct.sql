-- key: recid
-- All kinds of products share this table; relationtype is new in N and starts at 0.
select t.productmaster,
       round(t.retaitotalweight, 6) as retaitotalweight,
       t.variantconfigurationtechnology,
       t.retailcolorgroupid,
       t.retailsizegroupid,
       t.retailstylegroupid,
       t.isproductvariantunitconversionenabled,
       t.instancerelationtype,
       t.displayproductnumber,
       t.searchname,
       t.producttype,
       t.pdscwproduct,
       0::bigint as relationtype,
       0 as servicetype,
       '' as engchgproductownerid,
       0::bigint as engchgproducttype,
       t.modifiedby,
       t.recversion,
       t.partition,
       t.recid
from old.ecoresproduct t
