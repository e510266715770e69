-- id: SES01
-- section: environment
-- severity: advice
-- title: sessions of the old system
-- why: sessions that are carried over make the first sign-in of version N fail with "failed to create a session"
-- fix: empty the table when the old system is closed, or leave it out with `replicate.exclude: [sysclientsessions]`
-- tables: sysclientsessions
select 'sysclientsessions' as subject, count(*) || ' rows' as detail, pg_total_relation_size('sysclientsessions'::regclass) as bytes, count(*) as rows
from   sysclientsessions
having count(*) > 0
