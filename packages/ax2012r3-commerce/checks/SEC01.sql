-- id: SEC01
-- severity: blocker
-- title: passwords of the real-time service are encrypted as stores of N-1 can read it
-- why: they know SHA256 only, and refuse to start a real-time call otherwise (TS password encryption)
-- fix: set TS password encryption to SHA256 (Retail shared parameters > Security)
select 'tspasswordencryption', 'it is ''' || tspasswordencryption || ''', not SHA256'
from   hq.retailsharedparameters
where  tspasswordencryption <> 'SHA256'
