-- key: id
select coalesce(b.x, a.id) as id, a.y from old.a a left join old.b b on b.a_id = a.id
