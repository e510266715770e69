-- title: stores, grouped by company until channel database groups are registered
-- tables: retailstoretable, retailchanneltable
select s.storenumber as store,
       coalesce(nullif(c.inventlocationdataareaid, ''), 'default') as channel_group
from   retailstoretable s
left   join retailchanneltable c on c.recid = s.recid
