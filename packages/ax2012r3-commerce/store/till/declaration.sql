-- The tenders in the drawer are counted (type 7).
insert into RETAILTRANSACTIONTABLE (BATCHID, BATCHTERMINALID, BUSINESSDATE, CHANNEL, CREATEDONPOSTERMINAL, CURRENCY, EXCHRATE,
                                    RECEIPTID, SHIFT, SHIFTDATE, STAFF, STORE, TERMINAL, TIMEWHENTRANSCLOSED, TRANSACTIONID, TRANSDATE,
                                    TRANSTIME, TYPE, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:shift, :terminal, :day, :channel, :terminal, :currency, '1', :receipt, :shift, :shift_day, :staff, :store, :terminal,
        :seconds, :id, :day, :seconds, 7, :now, :now, :company)
