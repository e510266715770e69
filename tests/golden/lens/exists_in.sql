-- key: id
select a.id from old.a a where exists (select 1 from old.b b where b.a_id = a.id) and a.x in (select c.x from old.c c)
