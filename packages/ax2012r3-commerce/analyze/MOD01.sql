-- id: MOD01
-- catalogue: 2040, 2000
-- section: custom
-- severity: advice
-- title: models of partners and vendors
-- why: what they add is not in version N unless their maker has it there
-- fix: ask the maker of each for version N, or take what the last column of the evidence says
-- tables: model.layerid, modelmanifest.name, layer.name
select m.name::text as subject, 'layer ' || l.name || coalesce(': ' || k.advice, '') as detail, 0::bigint as bytes
from   model x
join   modelmanifest m on m.id = x.id
join   layer l on l.id = x.layerid and lower(l.name) in ('isv', 'isp', 'var', 'vap')
left   join (values ('demandforecasting', 'version N forecasts demand itself'), ('bt_dpa', 'version N designs documents with electronic reporting'), ('bt_dpa_labels', 'version N prints labels itself'),
                    ('fpaudittrail', 'version N has a database log and audit workbench'), ('sks', 'version N has bank integration by electronic reporting'), ('mro', 'version N has asset management'),
                    ('bhs_landedcost', 'version N has a landed cost module'), ('mfl itg', 'version N captures invoices itself')) k(name, advice) on k.name = lower(m.name)
where  lower(m.name) not in ('isv model', 'isp model', 'var model', 'vap model')
order  by 1
