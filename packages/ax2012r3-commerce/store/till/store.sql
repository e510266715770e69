-- This store: its channel, company, currency and warehouse.
select c.RECID as channel, s.STORENUMBER as store, c.CURRENCY as currency, c.INVENTLOCATIONDATAAREAID as company,
       c.INVENTLOCATION as warehouse, s.TAXGROUP as tax_group,
       coalesce((select l.INVENTSITEID from INVENTLOCATION l
                 where  l.INVENTLOCATIONID = c.INVENTLOCATION and l.DATAAREAID = c.INVENTLOCATIONDATAAREAID), '') as site
from   RETAILSTORETABLE s
join   RETAILCHANNELTABLE c on c.RECID = s.RECID
where  s.STORENUMBER = :store_id
