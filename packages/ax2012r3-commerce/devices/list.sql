-- The devices of every store, and which of them are active tills. `since`: when that last changed.
select s.storenumber as store,
       d.terminal as register,
       d.deviceid as device,
       d.description as name,
       case d.activationstatus when 1 then 'pending' when 2 then 'active' when 3 then 'inactive' when 4 then 'disabled' else 'new' end as state,
       case d.activationstatus when 2 then d.activateddatetime when 3 then d.deactivateddatetime end as since,
       case d.activationstatus when 2 then d.activationstaffid when 3 then d.deactivationstaffid else '' end as staff
from   hq.retaildevice d
join   hq.retailterminaltable t on t.terminalid = d.terminal
join   hq.retailstoretable s on s.recid = t.storerecid
