-- key: recid
-- rounds: retaitotalweight: to 6 decimals, half away from zero
-- relationtype repeats the discriminator in N-1.
select h.productmaster,
       h.retaitotalweight::numeric(32,16) as retaitotalweight,
       h.variantconfigurationtechnology,
       h.retailcolorgroupid,
       h.retailsizegroupid,
       h.retailstylegroupid,
       h.isproductvariantunitconversionenabled,
       h.instancerelationtype,
       h.displayproductnumber,
       h.searchname,
       h.producttype,
       h.pdscwproduct,
       h.modifiedby,
       h.recversion,
       h.instancerelationtype as relationtype,
       h.partition,
       h.recid
from hq.ecoresproduct h
