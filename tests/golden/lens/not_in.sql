-- key: id
select a.id from old.a a where not (a.x in (select b.x from old.b b)) and not (a.y in (select c.y from old.c c))
