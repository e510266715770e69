-- A receipt that was given up (entry status 1): all its lines are voided, and it comes to nothing.
insert into RETAILTRANSACTIONTABLE (BATCHID, BATCHTERMINALID, BUSINESSDATE, CHANNEL, CREATEDONPOSTERMINAL, CURRENCY, CUSTACCOUNT,
                                    DISCAMOUNT, ENTRYSTATUS, EXCHRATE, GROSSAMOUNT, INVENTLOCATIONID, INVENTSITEID, NETAMOUNT,
                                    NUMBEROFITEMLINES, NUMBEROFITEMS, NUMBEROFPAYMENTLINES, PAYMENTAMOUNT, RECEIPTID,
                                    RETRIEVEDFROMRECEIPTID, ROUNDEDAMOUNT, SALEISRETURNSALE, SALESPAYMENTDIFFERENCE, SHIFT, SHIFTDATE,
                                    STAFF, STORE, TERMINAL, TIMEWHENTOTALPRESSED, TIMEWHENTRANSCLOSED, TRANSACTIONID, TRANSDATE,
                                    TRANSTIME, TYPE, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:shift, :terminal, :day, :channel, :terminal, :currency, :customer, money(:total_discount), 1, '1', money(-:total_gross),
        :warehouse, :site, money(-:total_net), :lines, :total_quantity, :payments, money(:paid), :receipt, :original_receipt,
        money(:paid), :total_gross < 0, money(:difference), :shift, :shift_day, :staff, :store, :terminal, :seconds, :seconds, :id,
        :day, :seconds, 2, :now, :now, :company)
