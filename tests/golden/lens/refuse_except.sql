-- key: id
select a.id from old.a a except select b.id from old.b b
