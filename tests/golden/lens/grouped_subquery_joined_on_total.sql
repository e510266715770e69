-- key: id
select a.id from old.a a join (select b.a_id, sum(b.x) as total from old.b b group by b.a_id) g on g.total = a.x
