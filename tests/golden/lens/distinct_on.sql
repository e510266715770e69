-- key: x
select distinct on (a.x) a.x, a.id, b.y from old.a a join old.b b on b.id = a.b_id order by a.x, a.id desc
