-- id: SEC02
-- severity: blocker
-- title: tokens of devices are encrypted as stores of N-1 can read it
-- why: devices that are active would have to be activated again, which fails with an encryption error
-- fix: set the legacy device algorithm to AES (Retail shared parameters > Security)
select 'devicetokenalgorithm', 'it is ''' || devicetokenalgorithm || ''', not AES'
from   hq.retailsharedparameters
where  devicetokenalgorithm <> 'AES'
