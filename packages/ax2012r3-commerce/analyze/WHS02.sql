-- id: WHS02
-- catalogue: 4030, 4050
-- section: advice
-- severity: advice
-- title: menu items of mobile devices
-- why: the warehouse app of version N replaces the mobile portal
-- fix: plan the roll-out of the app to the devices
-- tables: whsrfmenuitemtable.dataareaid
select m.dataareaid::text as subject, count(*) || ' menu items' as detail, 0::bigint as bytes
from   whsrfmenuitemtable m
group  by m.dataareaid
order  by 1
