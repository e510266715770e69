-- id: PBT01
-- phase: post
-- gate: none
-- severity: warning
-- title: batch jobs that were withheld wait again
-- why: nothing starts them by itself after the upgrade
-- fix: set those that were waiting before to Waiting
-- owner: system administrator
-- on: target
-- needs: batchjob
select b.caption, 'it is withheld'
from   hq.batchjob b
where  b.status = 0
order  by 1
