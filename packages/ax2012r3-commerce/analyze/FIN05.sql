-- id: FIN05
-- catalogue: 5040
-- section: advice
-- severity: advice
-- title: vendor invoices
-- why: version N captures and matches them by itself
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: vendinvoicetrans.invoicedate, vendinvoicetrans.dataareaid
select t.dataareaid || ' ' || t.invoicedate::date as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   vendinvoicetrans t
where  t.invoicedate >= current_date - :'volume_days'::int
group  by t.dataareaid, t.invoicedate::date
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
