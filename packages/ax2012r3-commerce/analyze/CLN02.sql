-- id: CLN02
-- section: cleanup
-- severity: advice
-- title: log of user sessions
-- why: it is not carried over, but it is copied in the downtime because it has no key
-- fix: delete old rows with System administration > Inquiries > Users > User log > Clean up
-- threshold: userlog_age_days 92
select 'sysuserlog' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail, (pg_total_relation_size('sysuserlog'::regclass) * x.n / x.total)::bigint as bytes
from   (select count(*) as total, count(*) filter (where logindatetime < current_date - :'userlog_age_days'::int) as n from sysuserlog) x
where  x.n > 0
