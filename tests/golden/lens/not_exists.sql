-- key: id
select a.id from old.a a where not exists (select 1 from old.b b where b.a_id = a.id) and not exists (select 1 from old.c c where c.a_id = a.id)
