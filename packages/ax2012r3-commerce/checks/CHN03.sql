-- id: CHN03
-- severity: blocker
-- title: every store has registers, each with a hardware profile that exists
-- why: a register that lacks its profile does not start once it has fetched job 1090
-- fix: give the store a register, and the register a hardware profile
select s.storenumber, case when t.recid is null then 'it has no register'
                           else 'register ' || t.terminalid || ' has no hardware profile ''' || t.hardwareprofile || '''' end
from   hq.retailstoretable s
left   join hq.retailterminaltable t on t.storerecid = s.recid
left   join hq.retailhardwareprofile h on h.profileid = t.hardwareprofile
where  h.profileid is null
order  by 1, 2
