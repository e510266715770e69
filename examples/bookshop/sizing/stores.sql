-- title: shops, all in one group
-- tables: sale
select distinct branch::text as store, 'default' as channel_group
from   sale
