-- id: FIN06
-- catalogue: 5050
-- section: advice
-- severity: advice
-- title: volume of sales invoices
-- why: version N posts large orders in batches when it is set up so
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: custinvoicetrans.salesid, custinvoicetrans.invoicedate
select t.dataareaid || ' ' || t.invoicedate::date as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   custinvoicetrans t
where  t.salesid <> '' and t.invoicedate >= current_date - :'volume_days'::int
group  by t.dataareaid, t.invoicedate::date
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
