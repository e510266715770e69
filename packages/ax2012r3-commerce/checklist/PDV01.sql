-- id: PDV01
-- phase: post
-- gate: none
-- severity: blocker
-- title: every device belongs to a register that exists
-- why: a device without its register cannot be activated, and one that is active cannot sell
-- fix: give the device a register, or delete it (Retail > Setup > POS setup > Devices)
-- owner: retail administrator
-- on: target
select d.deviceid, 'there is no register ''' || d.terminal || ''''
from   hq.retaildevice d
where  not exists (select from hq.retailterminaltable t where t.terminalid = d.terminal)
order  by 1
