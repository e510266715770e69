-- title: a sale by its receipt, with what has come back of it
-- why: lines are lists of: lineNumber, itemId, barcode, quantity, unit, price, netAmount, taxAmount, discountAmount, quantityReturned, inventDimId, serialNumber
-- effect: read
-- parameter: receiptId str 18
-- parameter: storeId str 10 optional
-- parameter: terminalId str 10 optional
-- returns: row
-- payload: channelId, storeId, terminalId, transactionId, receiptId, transactionDate, transactionTime, customerId, staffId, currencyCode, netAmount, grossAmount, lines
-- none: TransactionUnknown: no sale has this receipt number
-- many: TransactionAmbiguous: more than one sale has this receipt number
-- error: InvalidChannel: the channel or store is not the one that calls
select t.channel, t.store, t.terminal, t.transactionid, t.receiptid, to_char(t.transdate, 'YYYY-MM-DD'), t.transtime, t.custaccount, t.staff, t.currency,
       (-t.netamount)::text, (-t.grossamount)::text, hq_call.lines(t)
from   hq_call.shop(:store) s
join   hq.retailtransactiontable t on t.dataareaid = s.company
where  t.receiptid = :receiptId and t.receiptid <> '' and t.type = 2 and t.entrystatus <> 1
and    t.store = coalesce(nullif(:storeId, ''), t.store) and t.terminal = coalesce(nullif(:terminalId, ''), t.terminal)
limit  2
