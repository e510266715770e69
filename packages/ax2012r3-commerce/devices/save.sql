-- What deactivate.sql takes from the active devices of a store, so that a store that moves back need not activate them again; with
-- when that is. All devices of the store are locked until then.
select coalesce(jsonb_agg(jsonb_build_object('recid', d.recid, 'data', d.devicetokendata, 'salt', d.devicetokensalt, 'at', now() at time zone 'UTC'))
                    filter (where d.activationstatus = 2), '[]')
from   (select d.*
        from   hq.retaildevice d
        join   hq.retailterminaltable t on t.terminalid = d.terminal
        join   hq.retailstoretable s on s.recid = t.storerecid
        where  s.storenumber = :store
        for    update of d) d
