-- id: DMF01
-- catalogue: 6040
-- section: environment
-- severity: advice
-- title: data import and export
-- why: its projects and entities have other names in version N
-- fix: list the projects that are still run, and build them anew
-- tables: dmfdefinitiongroup, dmfdefinitiongroupexecution, dmfstaginglog
select x.t as subject, x.n || ' rows' as detail, 0::bigint as bytes, x.n as rows
from   (select 'dmfdefinitiongroup' as t, count(*) as n from dmfdefinitiongroup
        union  all
        select 'dmfdefinitiongroupexecution', count(*) from dmfdefinitiongroupexecution
        union  all
        select 'dmfstaginglog', count(*) from dmfstaginglog) x
where  x.n > 0
