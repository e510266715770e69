insert into SALESTRANSACTIONLINE (TRANSACTIONID, LINENUM, ITEMID, QTY, PRICE, DISCOUNTPERCENTAGE, TAXITEMGROUPID, TAXRATE, TAXCODE, UNITID, BARCODE)
values ('S-' || :mark, :line, :item, :quantity, money(:price), money(:discount_rate), :item_tax_group, :tax_rate, :tax_code, :unit, :barcode)
