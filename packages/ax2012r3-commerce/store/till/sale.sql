-- The receipt itself (type 2), for a sale as for goods that come back: a sale is negative, payments are positive.
insert into RETAILTRANSACTIONTABLE (BATCHID, BATCHTERMINALID, BUSINESSDATE, CHANNEL, CREATEDONPOSTERMINAL, CURRENCY, CUSTACCOUNT,
                                    DISCAMOUNT, ENTRYSTATUS, EXCHRATE, GROSSAMOUNT, INVENTLOCATIONID, INVENTSITEID, NETAMOUNT,
                                    NUMBEROFITEMLINES, NUMBEROFITEMS, NUMBEROFPAYMENTLINES, PAYMENTAMOUNT, RECEIPTID,
                                    RETRIEVEDFROMRECEIPTID, ROUNDEDAMOUNT, SALEISRETURNSALE, SALESPAYMENTDIFFERENCE, SHIFT, SHIFTDATE,
                                    STAFF, STORE, TERMINAL, TIMEWHENTOTALPRESSED, TIMEWHENTRANSCLOSED, TRANSACTIONID, TRANSDATE,
                                    TRANSTIME, TYPE, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:shift, :terminal, :day, :channel, :terminal, :currency, :customer, money(:total_discount), 0, '1', money(-:total_gross),
        :warehouse, :site, money(-:total_net), :lines, :total_quantity, :payments, money(:paid), :receipt, :original_receipt,
        money(:paid), :total_gross < 0, money(:difference), :shift, :shift_day, :staff, :store, :terminal, :seconds, :seconds, :id,
        :day, :seconds, 2, :now, :now, :company)
