-- key: id
select a.id from old.a a order by a.x limit 10
