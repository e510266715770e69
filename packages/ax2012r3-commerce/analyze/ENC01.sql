-- id: ENC01
-- section: settings
-- severity: advice
-- title: settings that were encrypted by the old system
-- why: version N has another key and cannot read them
-- fix: have the values at hand and enter them again after go-live
-- tables: retailhardwareprofile, retailstoretable, retailstafftable
select 'retailhardwareprofile.eftconnectorproperties' as subject, count(*) || ' profiles, e.g. ' || min(profileid) as detail, 0::bigint as bytes
from   retailhardwareprofile
where  eftconnectorproperties <> ''
having count(*) > 0
union  all
select 'retailstoretable.password', count(*) || ' stores', 0
from   retailstoretable
where  password <> ''
having count(*) > 0
union  all
select 'retailstafftable.passworddata', count(*) || ' workers must choose a new password at their first sign-in', 0
from   retailstafftable
where  passworddata <> '' and blocked = 0
having count(*) > 0
