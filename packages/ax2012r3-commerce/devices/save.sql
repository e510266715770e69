-- What deactivate.sql would take from the active devices of a store, so that a store that moves back need not activate them again.
select coalesce(jsonb_agg(jsonb_build_object('recid', d.recid, 'data', d.devicetokendata, 'salt', d.devicetokensalt)), '[]')
from   hq.retaildevice d
join   hq.retailterminaltable t on t.terminalid = d.terminal
join   hq.retailstoretable s on s.recid = t.storerecid
where  d.activationstatus = 2 and s.storenumber = :store
