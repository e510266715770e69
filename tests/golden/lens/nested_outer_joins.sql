-- key: id
select coalesce(c.x, b.x, a.id) as id from old.a a left join (old.b b left join old.c c on c.b_id = b.id) on b.a_id = a.id
