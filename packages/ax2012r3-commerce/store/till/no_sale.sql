-- The drawer is opened without a sale (type 9).
insert into RETAILTRANSACTIONTABLE (BATCHID, BATCHTERMINALID, BUSINESSDATE, CHANNEL, CREATEDONPOSTERMINAL, CURRENCY, EXCHRATE, OPENDRAWER,
                                    RECEIPTID, SHIFT, SHIFTDATE, STAFF, STORE, TERMINAL, TIMEWHENTRANSCLOSED, TRANSACTIONID, TRANSDATE,
                                    TRANSTIME, TYPE, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:shift, :terminal, :day, :channel, :terminal, :currency, '1', 1, :receipt, :shift, :shift_day, :staff, :store, :terminal,
        :seconds, :id, :day, :seconds, 9, :now, :now, :company)
