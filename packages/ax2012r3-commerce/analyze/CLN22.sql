-- id: CLN22
-- catalogue: 7200
-- section: cleanup
-- severity: advice
-- title: archived time registrations
-- why: the archive is only there to be looked at
-- fix: run the script, or Production control > Inquiries > Registrations > Raw registrations archive, Clean up registrations
-- threshold: registration_age_days 61
-- tables: jmgtermregarchive.regdatetime
select 'jmgtermregarchive' as subject, x.n || ' of ' || x.total || ' rows: older than the limit' as detail,
       (pg_total_relation_size('jmgtermregarchive'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where t.regdatetime < current_date - :'registration_age_days'::int) as n from jmgtermregarchive t) x
where  x.n > 0 and pg_total_relation_size('jmgtermregarchive'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from jmgtermregarchive
where  ctid = any (array(select t.ctid from jmgtermregarchive t where t.regdatetime < current_date - :'registration_age_days'::int limit :chunk));
