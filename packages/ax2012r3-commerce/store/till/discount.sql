-- A discount that the cashier gave (origin 2).
insert into RETAILTRANSACTIONDISCOUNTTRANS (AMOUNT, CHANNEL, DISCOUNTAMOUNT, DISCOUNTORIGINTYPE, LINENUM, MANUALDISCOUNTTYPE, PERCENTAGE,
                                            SALELINENUM, STOREID, TERMINALID, TRANSACTIONID, DATAAREAID)
values (money(:discount), :channel, money(:discount), 2, 1, 2, money(:discount_rate), :line, :store, :terminal, :id, :company)
