-- id: DBS01
-- catalogue: 3010
-- section: environment
-- severity: advice
-- title: a large database
-- why: the copy of a large database wants planning and rehearsals; the size of data files is that of the PostgreSQL database here
-- fix: rehearse with `carryover cutover`, clean up first, give the copy more workers
-- threshold: large_database_gb 250
select current_database()::text as subject, pg_size_pretty(pg_database_size(current_database())) as detail, 0::bigint as bytes
where  pg_database_size(current_database()) >= :'large_database_gb'::numeric * 1073741824
