-- key: id
select a.id from old.a a for update
