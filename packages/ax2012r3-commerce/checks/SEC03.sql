-- id: SEC03
-- severity: blocker
-- title: the hash of staff passwords is named
-- why: tills hash what a cashier types with the algorithm that this field names, before they ask
-- fix: set the staff password hash to what N-1 has used, SHA256 as a rule (Retail shared parameters > Security)
select 'staffpasswordhash', 'it is empty'
from   hq.retailsharedparameters
where  staffpasswordhash = ''
union  all
select 'retailsharedparameters', 'there are no shared parameters'
where  not exists (select from hq.retailsharedparameters)
