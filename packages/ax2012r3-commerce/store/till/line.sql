-- A line: what is sold is negative here, what comes back positive.
insert into RETAILTRANSACTIONSALESTRANS (BARCODE, BUSINESSDATE, CHANNEL, COMMENT, GIFTCARD, CUSTACCOUNT, DISCAMOUNT, INVENTLOCATIONID, INVENTSITEID, ITEMID,
                                         LINEDSCAMOUNT, LINENUM, LINEWASDISCOUNTED, LISTINGID, NETAMOUNT, NETAMOUNTINCLTAX, NETPRICE,
                                         ORIGINALPRICE, ORIGINALTAXGROUP, ORIGINALTAXITEMGROUP, PRICE, QTY, RECEIPTID, RETURNLINENUM,
                                         RETURNSTORE, RETURNTERMINALID, RETURNTRANSACTIONID, SHIFT, SHIFTDATE, STAFFID, STORE, TAXAMOUNT,
                                         TAXGROUP, TAXITEMGROUP, TERMINALID, TRANSACTIONID, TRANSACTIONSTATUS, TRANSDATE, TRANSTIME, UNIT,
                                         UNITPRICE, UNITQTY, CREATEDDATETIME, MODIFIEDDATETIME, DATAAREAID)
values (:barcode, :day, :channel, :card_sold, :card_sold <> '', :customer, money(:discount), :warehouse, :site, :item, money(:discount), :line, :discount > 0, :item,
        money(-:net), money(-:net - :tax), money(:price), money(:price), :tax_group, :item_tax_group, money(:price), -:quantity, :receipt,
        :original_line, :original_store, :original_terminal, :original_id, :shift, :shift_day, :staff, :store, money(-:tax), :tax_group,
        :item_tax_group, :terminal, :id, :voided, :day, :seconds, :unit, money(:price), -:quantity, :now, :now, :company)
