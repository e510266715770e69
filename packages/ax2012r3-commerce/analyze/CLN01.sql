-- id: CLN01
-- catalogue: 7110
-- section: cleanup
-- severity: advice
-- title: cancelled inventory settlements of past years
-- why: they document closings that were reversed and are never read again
-- fix: delete them with Inventory management > Periodic > Clean up > Inventory settlements
-- threshold: settlement_age_days 365
-- tables: inventsettlement.cancelled, inventsettlement.transdate, inventsettlement.settlemodel, inventsettlement.settletype
select 'inventsettlement' as subject, x.n || ' of ' || x.total || ' rows: cancelled and older than the limit' as detail, (pg_total_relation_size('inventsettlement'::regclass) * x.n / x.total)::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where cancelled = 1 and settlemodel <> 7 and settletype <> 4 and transdate < current_date - :'settlement_age_days'::int) as n from inventsettlement) x
where  x.n > 0

-- fix-script:
delete from inventsettlement where ctid = any (array(select ctid from inventsettlement where cancelled = 1 and settlemodel <> 7 and settletype <> 4 and transdate < current_date - :'settlement_age_days'::int limit :chunk));
