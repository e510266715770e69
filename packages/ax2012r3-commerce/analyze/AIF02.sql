-- id: AIF02
-- catalogue: 6010
-- section: environment
-- severity: advice
-- title: AIF ports that read files
-- why: AIF is gone; version N has data entities, recurring jobs and business events instead
-- fix: rebuild each integration, or agree to do without it
-- tables: aifchannel.adapterclassid, aifchannel.direction, utilidelements.id, utilidelements.name
select c.channelid::text as subject, u.name::text as detail, 0::bigint as bytes
from   aifchannel c
join   utilidelements u on u.id = c.adapterclassid and lower(u.name) = 'aiffilesystemadapter'
where  c.direction = 1
order  by 1
