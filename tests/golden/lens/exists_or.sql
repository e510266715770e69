-- key: id
select a.id from old.a a where a.x > 0 and (a.n = 1 or exists (select 1 from old.b b where b.a_id = a.id))
