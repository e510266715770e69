-- key: id
select a.id, c.x from old.a a join (select distinct on (b.a_id) b.a_id, b.x from old.b b order by b.a_id, b.n) l on l.a_id = a.id join old.c c on c.id = l.x
