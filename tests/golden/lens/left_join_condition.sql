-- key: id
select a.id, b.x from old.a a left join old.b b on b.a_id = a.id where coalesce(b.n, 0) = 0
