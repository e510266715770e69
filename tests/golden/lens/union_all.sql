-- key: kind, id
select 'a' as kind, a.id, a.x from old.a a union all select 'b', b.id, b.x from old.b b join old.c c on c.b_id = b.id
