-- Takes deactivate.sql back, for devices that nobody has activated or deactivated since.
update hq.retaildevice d
set    activationstatus = 2,
       deactivateddatetime = timestamp '1900-01-01',
       deactivatecomments = '',
       devicetokendata = x.data,
       devicetokensalt = x.salt,
       modifieddatetime = now() at time zone 'UTC',
       recversion = d.recversion + 1
from   jsonb_to_recordset(:saved::jsonb) x(recid bigint, data text, salt text, at timestamp)
where  d.recid = x.recid and d.activationstatus = 3 and d.deactivateddatetime = x.at
