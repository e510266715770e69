-- key: id
select a.id from old.a a tablesample system (10)
