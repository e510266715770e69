-- key: id
select a.id, b.x from old.a a join old.b b on b.id = a.b_id
