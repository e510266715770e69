-- id: VIR01
-- catalogue: 1000
-- section: data
-- severity: blocker
-- title: virtual companies
-- why: version N has no virtual companies; tables shared by them would belong to nobody
-- fix: copy the shared rows into each company and switch the virtual company off, or plan cross-company data sharing
-- tables: dataarea.isvirtual
select a.id as subject, a.name as detail, 0::bigint as bytes
from   dataarea a
where  a.isvirtual <> 0
order  by a.id
