-- id: ENV04
-- catalogue: 2010
-- section: environment
-- severity: advice
-- title: alert rules
-- why: they may have to be made again in version N
-- fix: note what they watch and who is told
-- tables: eventrule
select 'eventrule' as subject, count(*) || ' alert rules' as detail, 0::bigint as bytes, count(*) as rows
from   eventrule
having count(*) > 0
