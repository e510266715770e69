-- key: id
select a.id, b.x from old.a a join old.b b on lower(b.y) = lower(a.y) and a.n > b.n
