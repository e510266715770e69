-- id: PHW01
-- phase: post
-- gate: none
-- severity: warning
-- title: every register has a name and belongs to a store
-- why: a register of no store gets no data
-- fix: give the register a store, or delete it (Retail > Channels > Registers)
-- owner: retail administrator
-- on: target
select t.terminalid, 'its store ' || t.storerecid || ' does not exist'
from   hq.retailterminaltable t
where  not exists (select from hq.retailstoretable s where s.recid = t.storerecid)
order  by 1
