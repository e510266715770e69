-- key: id
select a.id from old.a a left join old.b b on b.a_id = a.id left join old.c c on c.a_id = a.id where b.id is null and c.id is null
