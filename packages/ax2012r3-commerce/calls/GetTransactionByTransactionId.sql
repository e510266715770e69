-- title: a sale by its number, with what has come back of it
-- why: lines are lists of: lineNumber, itemId, barcode, quantity, unit, price, netAmount, taxAmount, discountAmount, quantityReturned, inventDimId, serialNumber
-- effect: read
-- parameter: transactionId str 44
-- parameter: storeId str 10
-- parameter: terminalId str 10
-- returns: row
-- payload: channelId, storeId, terminalId, transactionId, receiptId, transactionDate, transactionTime, customerId, staffId, currencyCode, netAmount, grossAmount, lines
-- none: TransactionUnknown: there is no such sale
-- many: TransactionAmbiguous: more than one sale has this number
-- error: InvalidChannel: the channel or store is not the one that calls
select t.channel, t.store, t.terminal, t.transactionid, t.receiptid, to_char(t.transdate, 'YYYY-MM-DD'), t.transtime, t.custaccount, t.staff, t.currency,
       (-t.netamount)::text, (-t.grossamount)::text, hq_call.lines(t)
from   hq_call.shop(:store) s
join   hq.retailtransactiontable t on t.dataareaid = s.company
where  t.transactionid = :transactionId and t.store = :storeId and t.terminal = :terminalId and t.entrystatus <> 1
limit  2
