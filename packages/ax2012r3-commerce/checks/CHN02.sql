-- id: CHN02
-- severity: warning
-- title: addresses of channel profiles are addresses
-- why: a till takes them as they are: http and https are both good, anything else leads nowhere
-- fix: correct the Retail Server URL or the Hardware Station URL of the channel profile
select p.name, case when v.recid is null then 'it has no address' else 'property ' || v.key_ || ' is ''' || v.value || '''' end
from   hq.retailchannelprofile p
left   join hq.retailchannelprofileproperty v on v.channelprofile = p.recid
where  v.recid is null or v.value !~ '^https?://[^/ ]+'
order  by 1, 2
