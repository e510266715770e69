-- id: SVC02
-- severity: blocker
-- title: real-time service profiles in use have a server, a port, a name of the service and a language
-- why: a till puts the address together from these parts; the texts of errors come in that language
-- fix: complete the profile (Retail headquarters > Real-time service profiles)
select p.profileid, 'it lacks: ' || concat_ws(', ', case when p.centraltableserver = '' then 'the server' end,
                                              case when p.centraltableserverport !~ '^[0-9]+$' then 'the port' end,
                                              case when p.serverservicename = '' then 'the name of the service' end,
                                              case when p.language = '' then 'the language' end)
from   hq.retailtransactionserviceprofile p
where  (p.centraltableserver = '' or p.centraltableserverport !~ '^[0-9]+$' or p.serverservicename = '' or p.language = '')
and    (exists (select from hq.retailchanneltable c where c.transactionserviceprofile = p.profileid)
        or exists (select from hq.retailsharedparameters s where s.transactionserviceprofile = p.profileid))
order  by 1
