-- id: CLN13
-- catalogue: 7100
-- section: cleanup
-- severity: advice
-- title: project quotations that were never sent
-- why: lost, cancelled and unsent quotations are carried over for nothing
-- fix: Project management and accounting > Periodic > Quotations > Delete quotations
-- tables: salesquotationtable.quotationtype, salesquotationtable.quotationstatus, salesquotationline.quotationid
select 'salesquotationtable' as subject, x.n || ' of ' || x.total || ' rows: not sent' as detail,
       (pg_total_relation_size('salesquotationtable'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.quotationtype = 1 and t.quotationstatus in (0, 2, 3, 4)) as n from salesquotationtable t) x
where  x.n > 0 and pg_total_relation_size('salesquotationtable'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
union  all
select 'salesquotationline' as subject, x.n || ' of ' || x.total || ' rows: not sent' as detail,
       (pg_total_relation_size('salesquotationline'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from salesquotationtable q where q.quotationid = t.quotationid and q.quotationtype = 1 and q.quotationstatus in (0, 2, 3, 4))) as n from salesquotationline t) x
where  x.n > 0 and pg_total_relation_size('salesquotationline'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576
