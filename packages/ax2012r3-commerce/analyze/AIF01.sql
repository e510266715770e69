-- id: AIF01
-- catalogue: 6000
-- section: environment
-- severity: advice
-- title: AIF ports that write files
-- why: AIF is gone; version N has data entities, recurring jobs and business events instead
-- fix: rebuild each integration, or agree to do without it
-- tables: aifchannel.adapterclassid, aifchannel.direction, utilidelements.id, utilidelements.name
select c.channelid::text as subject, u.name::text as detail, 0::bigint as bytes
from   aifchannel c
join   utilidelements u on u.id = c.adapterclassid and lower(u.name) = 'aiffilesystemadapter'
where  c.direction = 2
order  by 1
