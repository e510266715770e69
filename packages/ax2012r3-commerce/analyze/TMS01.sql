-- id: TMS01
-- catalogue: 4070
-- section: advice
-- severity: advice
-- title: load planning
-- why: version N has two workbenches, for inbound and outbound loads
-- fix: show both to the planners in a rehearsal
-- tables: whsloadtable.loaddirection
select case l.loaddirection when 1 then 'inbound' when 2 then 'outbound' else 'direction ' || l.loaddirection end as subject, count(*) || ' loads' as detail, 0::bigint as bytes
from   whsloadtable l
group  by l.loaddirection
order  by 1
