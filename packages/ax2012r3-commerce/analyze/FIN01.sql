-- id: FIN01
-- catalogue: 5000
-- section: advice
-- severity: advice
-- title: lines of free text invoices
-- why: large ones are posted in parts by version N
-- fix: measure it in the first rehearsal, and look at the performance settings of version N for it
-- threshold: volume_days 30
-- threshold: volume_rows 1
-- tables: custinvoicetrans.invoiceid, custinvoicetrans.salesid, custinvoicetrans.invoicedate
select t.dataareaid || ' ' || t.invoiceid as subject, count(*) || ' lines in the last ' || :'volume_days' || ' days' as detail, 0::bigint as bytes, count(*) as rows
from   custinvoicetrans t
where  t.salesid = '' and t.invoicedate >= current_date - :'volume_days'::int
group  by t.dataareaid, t.invoiceid
having count(*) >= :'volume_rows'::bigint
order  by count(*) desc
limit  5
