-- key: id
select a.id, a.ctid as place from old.a a
