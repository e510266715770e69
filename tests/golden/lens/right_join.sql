-- key: id
select b.id, a.x from old.a a right join old.b b on b.a_id = a.id
