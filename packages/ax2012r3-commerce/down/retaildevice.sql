-- key: recid
select h.activateddatetime,
       h.activateddatetimetzid,
       h.activationstatus,
       h.deactivatecomments,
       h.deactivateddatetime,
       h.deactivateddatetimetzid,
       h.description,
       h.deviceid,
       h.terminal,
       h.type,
       h.modifieddatetime,
       h.recversion,
       h.partition,
       h.recid
from hq.retaildevice h
