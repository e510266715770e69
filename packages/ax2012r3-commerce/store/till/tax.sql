insert into RETAILTRANSACTIONTAXTRANS (AMOUNT, CHANNEL, SALELINENUM, STOREID, TAXCODE, TERMINALID, TRANSACTIONID, DATAAREAID)
values (money(:tax), :channel, :line, :store, :tax_code, :terminal, :id, :company)
