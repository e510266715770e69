-- key: id
select a.id from old.a a join old.b b using (id)
