-- key: recid
-- rounds: amount: to 6 decimals, half away from zero
select h.amount::numeric(32,16) as amount,
       h.cardnumber,
       h.channel,
       h.mcrinventtransid,
       h.mcrinvoiceaccount,
       h.mcrsalesid,
       h.operation,
       h.receiptid,
       h.staffid,
       h.terminalid,
       h.transactionid,
       h.transdate,
       h.transtime,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.retailgiftcardtransactions h
