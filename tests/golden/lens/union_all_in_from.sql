-- key: id
select c.id, u.x from old.c c join (select a.id, a.x from old.a a union all select b.a_id, b.x from old.b b) u on u.id = c.a_id
