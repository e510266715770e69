-- id: CLN02
-- catalogue: 7220
-- section: cleanup
-- severity: advice
-- title: log of user sessions
-- why: it is not carried over, but it is copied in the downtime because it has no key
-- fix: delete old rows with System administration > Inquiries > Users > User log > Clean up
-- threshold: userlog_age_days 92
-- tables: sysuserlog.logindatetime
select 'sysuserlog' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail, (pg_total_relation_size('sysuserlog'::regclass) * x.n / x.total)::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where logindatetime < current_date - :'userlog_age_days'::int) as n from sysuserlog) x
where  x.n > 0

-- fix-script:
delete from sysuserlog where ctid = any (array(select ctid from sysuserlog where logindatetime < current_date - :'userlog_age_days'::int limit :chunk));
