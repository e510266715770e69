-- key: x
select distinct a.x, b.y from old.a a join old.b b on b.id = a.b_id
