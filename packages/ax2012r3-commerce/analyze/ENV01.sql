-- id: ENV01
-- catalogue: 3000, 3020
-- section: environment
-- severity: warning
-- title: server settings that replication needs
-- why: changes are read from the write-ahead log; without these settings only a full copy in the downtime is left. The old report asked for a collation and READ_COMMITTED_SNAPSHOT here: PostgreSQL needs UTF8, and its readers wait for nobody
-- fix: set them in postgresql.conf and restart the source in a quiet hour
select s.name as subject, 'is ' || s.setting || ', needed: ' || w.needed as detail, 0::bigint as bytes
from   (values ('wal_level', 'logical'), ('max_replication_slots', 'at least 1'), ('max_wal_senders', 'at least 1'), ('server_encoding', 'UTF8')) w(name, needed)
join   pg_settings s on s.name = w.name
where  case s.name when 'wal_level' then s.setting <> 'logical' when 'server_encoding' then s.setting <> 'UTF8' else s.setting = '0' end
order  by subject
