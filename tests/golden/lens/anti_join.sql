-- key: id
select a.id from old.a a left join old.b b on b.a_id = a.id where b.id is null
