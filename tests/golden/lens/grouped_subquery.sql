-- key: id
select a.id, g.total from old.a a join (select b.a_id, sum(b.x) as total from old.b b group by b.a_id) g on g.a_id = a.id where g.total > 10
