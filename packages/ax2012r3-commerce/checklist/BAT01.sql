-- id: BAT01
-- phase: pre
-- gate: cutover
-- severity: blocker
-- title: batch jobs are withheld
-- why: a job that runs on into the cutover writes on one side while the other is proven
-- fix: set them to Withhold (System administration > Inquiries > Batch jobs), and write down which were waiting
-- owner: system administrator
-- on: source
-- needs: batchjob
-- 1 is waiting, 2 executing, 5 ready.
select caption, 'it is ' || case status when 1 then 'waiting' when 2 then 'executing' else 'ready' end
from   batchjob
where  status in (1, 2, 5)
order  by 1
