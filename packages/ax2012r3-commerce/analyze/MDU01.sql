-- id: MDU01
-- catalogue: 6070
-- section: environment
-- severity: info
-- title: modules in use
-- why: each needs somebody who tries it in a rehearsal
select m.module as subject, 'about ' || greatest(c.reltuples, 0)::bigint || ' rows in ' || c.relname as detail, 0::bigint as bytes
from   (values ('custtrans', 'Accounts receivable'),
               ('vendtrans', 'Accounts payable'),
               ('projtable', 'Project management'),
               ('inventtrans', 'Inventory management'),
               ('prodtable', 'Production'),
               ('reqtrans', 'Master planning'),
               ('ledgerjournaltrans', 'General ledger'),
               ('bankaccounttrans', 'Cash and bank management'),
               ('assettrans', 'Fixed assets'),
               ('retailstatementtrans', 'Retail')) m(name, module)
join   pg_class c on c.relname = m.name and c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
where  pg_relation_size(c.oid) > 0
order  by 1
