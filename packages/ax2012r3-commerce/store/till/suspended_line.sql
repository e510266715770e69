select ITEMID as item, QTY as quantity, cents(PRICE) as price, cents(DISCOUNTPERCENTAGE) as discount_rate, TAXITEMGROUPID as item_tax_group,
       TAXRATE as tax_rate, TAXCODE as tax_code, UNITID as unit, BARCODE as barcode
from   SALESTRANSACTIONLINE
where  TRANSACTIONID = :suspended and LINENUM = :line
