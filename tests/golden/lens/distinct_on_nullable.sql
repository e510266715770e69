-- key: y
select distinct on (a.y) a.y, a.x from old.a a order by a.y, a.id
