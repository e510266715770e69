-- Something that is sold (module 2) at a price, from a random place on, and from the start again at the end.
with place as (select 1 + :pick % (select max(rowid) from INVENTTABLEMODULE) as at)
select m.ITEMID as item, cents(m.PRICE) as price, m.UNITID as unit, m.TAXITEMGROUPID as item_tax_group,
       case when m.TAXITEMGROUPID = 'EXEMPT' then 0 when :currency = 'EUR' then 1900 else 825 end as tax_rate,
       case when :currency = 'EUR' then 'MwSt19' else 'STATE' end as tax_code,
       coalesce((select b.ITEMBARCODE from INVENTITEMBARCODE b where b.ITEMID = m.ITEMID and b.DATAAREAID = :company limit 1), '') as barcode
from   INVENTTABLEMODULE m
where  m.rowid = coalesce((select x.rowid from INVENTTABLEMODULE x, place p
                           where  x.rowid >= p.at and x.MODULETYPE = 2 and x.DATAAREAID = :company and cents(x.PRICE) > 0
                           order  by x.rowid limit 1),
                          (select x.rowid from INVENTTABLEMODULE x
                           where  x.MODULETYPE = 2 and x.DATAAREAID = :company and cents(x.PRICE) > 0
                           order  by x.rowid limit 1))
