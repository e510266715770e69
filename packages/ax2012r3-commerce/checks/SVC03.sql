-- id: SVC03
-- severity: warning
-- title: real-time service profiles in use name the host of their certificate
-- why: a till compares it with the certificate of the server it reaches
-- fix: set the common name of the certificate to the server's name, as stores use it
select p.profileid, case when p.servercertificatedns = '' then 'it names none'
                         else 'it is ''' || p.servercertificatedns || ''', the server is ''' || p.centraltableserver || '''' end
from   hq.retailtransactionserviceprofile p
where  p.securityoff = 0
and    (p.servercertificatedns = ''
        or lower(split_part(p.servercertificatedns, '.', 1)) not in (lower(split_part(p.centraltableserver, '.', 1)), '*'))
and    (exists (select from hq.retailchanneltable c where c.transactionserviceprofile = p.profileid)
        or exists (select from hq.retailsharedparameters s where s.transactionserviceprofile = p.profileid))
order  by 1
