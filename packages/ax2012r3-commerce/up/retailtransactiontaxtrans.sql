-- key: channel, storeid, terminalid, transactionid, salelinenum, taxcode, dataareaid
select round(t.amount, 6) as amount,
       t.channel,
       t.isincludedinprice,
       t.replicationcounterfromorigin,
       round(t.salelinenum, 6) as salelinenum,
       t.storeid,
       t.taxcode,
       t.terminalid,
       t.transactionid,
       t.origin,
       0.000000 as taxbaseamount,
       0.000000 as taxpercentage,
       0 as isexempt,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.retailtransactiontaxtrans t
