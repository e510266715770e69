-- id: BKP01
-- catalogue: 7000
-- section: cleanup
-- severity: info
-- title: back up before anything is cleaned up
-- why: what a clean-up deletes is gone
-- fix: take a full backup of the source, and try that it can be restored
select current_database()::text as subject, pg_size_pretty(pg_database_size(current_database())) as detail, 0::bigint as bytes
