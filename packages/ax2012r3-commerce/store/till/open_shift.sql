-- A shift, and its starting amount (type 20). Shifts are numbered by the transaction that opens them, so that a number never
-- comes twice, not even after the channel database was made anew.
insert into RETAILSHIFTSTAGINGTABLE (STOREID, TERMINALID, BATCHID, STAFFID, STARTDATE, STARTTIME, STARTDATETIMEUTC)
values (:store, :terminal, :number, :staff, :day, :seconds, :now);

insert into RETAILTRANSACTIONTABLE (BATCHID, BATCHTERMINALID, BUSINESSDATE, CHANNEL, CREATEDONPOSTERMINAL, CURRENCY, EXCHRATE,
                                    RECEIPTID, SHIFT, SHIFTDATE, STAFF, STORE, TERMINAL, TIMEWHENTRANSCLOSED, TRANSACTIONID, TRANSDATE,
                                    TRANSTIME, TYPE, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:number, :terminal, :day, :channel, :terminal, :currency, '1', :receipt, :number, :day, :staff, :store, :terminal, :seconds,
        :id, :day, :seconds, 20, :now, :now, :company)
