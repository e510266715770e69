-- Replication runs this and the upgrade runs it again, so every statement can be repeated.

create schema if not exists hq_fn;

-- The parts of "Last, First". Without a comma all of it is the last name, and there is no first name.
create or replace function hq_fn.last_name(name text) returns text language sql immutable parallel safe
return split_part(name, ', ', 1);

create or replace function hq_fn.first_name(name text) returns text language sql immutable parallel safe
return case when position(', ' in name) > 0 then substr(name, position(', ' in name) + 2) end;
