-- Takes deactivate.sql back; a device that somebody has activated meanwhile stays as it is.
update hq.retaildevice d
set    activationstatus = 2,
       deactivateddatetime = timestamp '1900-01-01',
       deactivatecomments = '',
       devicetokendata = x.data,
       devicetokensalt = x.salt,
       modifieddatetime = now() at time zone 'UTC',
       recversion = d.recversion + 1
from   jsonb_to_recordset(:saved::jsonb) x(recid bigint, data text, salt text)
where  d.recid = x.recid and d.activationstatus = 3
