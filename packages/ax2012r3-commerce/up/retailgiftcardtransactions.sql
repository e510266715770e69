-- key: recid
select round(t.amount, 6) as amount,
       t.cardnumber,
       t.channel,
       t.mcrinventtransid,
       t.mcrinvoiceaccount,
       t.mcrsalesid,
       t.operation,
       t.receiptid,
       t.staffid,
       t.terminalid,
       t.transactionid,
       t.transdate,
       t.transtime,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.retailgiftcardtransactions t
