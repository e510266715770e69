-- id: CLN04
-- section: cleanup
-- severity: advice
-- title: price agreements that ended long ago
-- why: every price search and every store download still carries them
-- fix: delete expired agreements with the price and discount agreement journal
-- threshold: price_age_days 365
-- tables: pricedisctable.todate
select 'pricedisctable' as subject, x.n || ' of ' || x.total || ' rows: ended before the limit' as detail, (pg_total_relation_size('pricedisctable'::regclass) * x.n / x.total)::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where todate > '1900-01-01' and todate < current_date - :'price_age_days'::int) as n from pricedisctable) x
where  x.n > 0

-- fix-script:
delete from pricedisctable where ctid = any (array(select ctid from pricedisctable where todate > '1900-01-01' and todate < current_date - :'price_age_days'::int limit :chunk));
