-- key: id
select a.id, (select max(b.x) from old.b b where b.a_id = a.id) as top from old.a a where a.n = (select count(*) from old.c c where c.a_id = a.id)
