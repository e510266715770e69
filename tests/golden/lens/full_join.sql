-- key: id
select coalesce(a.id, b.a_id) as id, a.x, b.x as bx from old.a a full join old.b b on b.a_id = a.id
