-- key: id
select a.id, b.x from old.a a left join old.b b on b.a_id = a.id and exists (select 1 from old.c c where c.b_id = b.id) where b.x is null
