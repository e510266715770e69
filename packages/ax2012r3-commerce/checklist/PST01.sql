-- id: PST01
-- phase: post
-- gate: none
-- severity: blocker
-- title: every staff member is a worker
-- why: address books and permissions hang on the worker; staff without one may sign in nowhere
-- fix: make the worker, or block the staff member
-- owner: retail administrator
-- on: target
select t.staffid, 'there is no worker with this number'
from   hq.retailstafftable t
where  t.blocked = 0 and not exists (select from hq.hcmworker w where w.personnelnumber = t.staffid)
order  by 1
