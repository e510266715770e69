-- id: AIF03
-- catalogue: 6020
-- section: environment
-- severity: advice
-- title: AIF ports over .NET TCP
-- why: AIF is gone; version N has data entities, recurring jobs and business events instead
-- fix: rebuild each integration, or agree to do without it
-- tables: aifchannel.adapterclassid, aifchannel.direction, utilidelements.id, utilidelements.name
select c.channelid::text as subject, u.name::text as detail, 0::bigint as bytes
from   aifchannel c
join   utilidelements u on u.id = c.adapterclassid and lower(u.name) = 'aifwcfnettcpadapter'
order  by 1
