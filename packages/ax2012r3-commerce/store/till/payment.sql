-- A payment, or the change that is given back.
insert into RETAILTRANSACTIONPAYMENTTRANS (AMOUNTCUR, AMOUNTMST, AMOUNTTENDERED, BUSINESSDATE, CARDORACCOUNT, CARDTYPEID, CHANGELINE,
                                           CHANNEL, CURRENCY, EXCHRATE, EXCHRATEMST, GIFTCARDID, LINENUM, QTY, RECEIPTID, SHIFT, SHIFTDATE,
                                           STAFF, STORE, TENDERTYPE, TERMINAL, TRANSACTIONID, TRANSDATE, TRANSTIME, CREATEDDATETIME,
                                           MODIFIEDDATETIME, DATAAREAID)
values (money(:amount), money(:amount), money(:amount), :day, case when :is_card then '************' || printf('%04d', :number % 10000) else '' end,
        case when :is_card then 'VISA' else '' end, :change, :channel, :currency, '1', '1', :card, :payment, '1', :receipt, :shift,
        :shift_day, :staff, :store, :tender, :terminal, :id, :day, :seconds, :now, :now, :company)
