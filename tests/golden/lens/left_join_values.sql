-- key: id
select a.id, b.x, c.x as cx from old.a a left join old.b b on b.a_id = a.id left join old.c c on c.id = b.x
