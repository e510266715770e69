-- id: OPN01
-- section: data
-- severity: advice
-- title: open documents that could be finished first
-- why: what is closed before the upgrade need not be checked after it
-- fix: post or cancel quotations and orders older than the limit, settle small remainders, post open statements
-- threshold: open_age_days 365
-- tables: custtransopen, inventtrans, retailposbatchtable
select 'custtransopen' as subject, count(*) || ' customer invoices due before the limit' as detail, 0::bigint as bytes
from   custtransopen
where  duedate < current_date - :'open_age_days'::int
having count(*) > 0
union  all
select 'inventtrans', count(*) || ' quoted or ordered stock transactions expected before the limit', 0
from   inventtrans
where  (statusreceipt in (5, 6) or statusissue in (6, 7)) and dateexpected < current_date - :'open_age_days'::int
having count(*) > 0
union  all
select 'retailposbatchtable', count(*) || ' shifts were never closed', 0
from   retailposbatchtable
where  status = 1
having count(*) > 0
