-- id: FIN09
-- catalogue: 5080
-- section: custom
-- severity: warning
-- title: financial dimensions of your own
-- why: their views have to be in version N before its data is
-- fix: add each view by an extension of version N
-- tables: dimensionattribute.viewname
select d.viewname::text as subject, string_agg(d.name, ', ' order by d.name) as detail, 0::bigint as bytes
from   dimensionattribute d
where  d.viewname <> '' and lower(d.viewname) not in ('dimattributeagreementheaderext_ru', 'dimattributeassettable', 'dimattributebankaccounttable', 'dimattributecompanyinfo', 'dimattributecusttable',
       'dimattributeemployeetable_ru', 'dimattributefiscalestablishment_br', 'dimattributehcmjob', 'dimattributehcmworker', 'dimattributeinventitemgroup', 'dimattributeinventtable',
       'dimattributeledgerfund_psn', 'dimattributemainaccount', 'dimattributeombusinessunit', 'dimattributeomcostcenter', 'dimattributeomdepartment', 'dimattributeomregion',
       'dimattributeprojtable', 'dimattributerassettable_ru', 'dimattributercashtable_ru', 'dimattributerdeferralstable_ru', 'dimattributeretailchannel', 'dimattributeretailstore',
       'dimattributeretailterminal', 'dimattributertax25profittable_ru', 'dimattributesmmcampaigntable', 'dimattributetaxbranch', 'dimattributevendtable', 'dimensionfinancialtag')
group  by d.viewname
order  by 1
