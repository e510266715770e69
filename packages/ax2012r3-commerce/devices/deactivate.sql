-- Ends the activation of one device, of all devices of a store, or both: what is not given does not narrow it. The token is erased.
update hq.retaildevice d
set    activationstatus = 3,
       deactivateddatetime = now() at time zone 'UTC',
       deactivatecomments = 'by the administrator of headquarters',
       deactivationstaffid = '',
       devicetokendata = '',
       devicetokensalt = '',
       modifieddatetime = now() at time zone 'UTC',
       recversion = d.recversion + 1
from   hq.retailterminaltable t, hq.retailstoretable s
where  t.terminalid = d.terminal and s.recid = t.storerecid and d.activationstatus = 2
       and (:device is null or d.deviceid = :device) and (:store is null or s.storenumber = :store)
