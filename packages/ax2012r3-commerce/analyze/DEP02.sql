-- id: DEP02
-- catalogue: 1030
-- section: deprecated
-- severity: advice
-- title: Enterprise Portal
-- why: version N has none; what vendors, customers and workers did there they do in the browser client
-- fix: plan who needs which pages of version N
-- tables: epwebsiteparameters.internalurl
select 'epwebsiteparameters' as subject, p.internalurl::text as detail, 0::bigint as bytes
from   epwebsiteparameters p
where  p.internalurl <> ''
order  by 2
