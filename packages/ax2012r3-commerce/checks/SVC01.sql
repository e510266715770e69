-- id: SVC01
-- severity: blocker
-- title: the shared parameters and every store name a real-time service profile that exists
-- why: a till finds headquarters by this profile; a store without one can neither activate a device nor make a call
-- fix: choose the profile in Retail shared parameters > Security, and on the store's General tab
select 'retailsharedparameters', 'transactionserviceprofile is ''' || s.transactionserviceprofile || '''' as detail
from   hq.retailsharedparameters s
where  not exists (select from hq.retailtransactionserviceprofile p where p.profileid = s.transactionserviceprofile)
union  all
select t.storenumber, 'transactionserviceprofile is ''' || c.transactionserviceprofile || ''''
from   hq.retailstoretable t
join   hq.retailchanneltable c on c.recid = t.recid
where  not exists (select from hq.retailtransactionserviceprofile p where p.profileid = c.transactionserviceprofile)
order  by 1
