-- id: PLN01
-- catalogue: 4000
-- section: advice
-- severity: advice
-- title: master planning
-- why: version N plans in a service of its own, in minutes
-- fix: plan the set-up of planning optimization, and compare its plans with the old ones
-- threshold: planning_seconds 600
-- tables: reqlog.startdatetime, reqlog.enddatetime, reqlog.reqplanid
select r.dataareaid || ' ' || r.reqplanid as subject, 'up to ' || round(extract(epoch from max(r.enddatetime - r.startdatetime)) / 60, 1) || ' minutes' as detail, 0::bigint as bytes
from   reqlog r
where  r.enddatetime >= r.startdatetime
group  by r.dataareaid, r.reqplanid
having extract(epoch from max(r.enddatetime - r.startdatetime)) > :'planning_seconds'::numeric
order  by 1
