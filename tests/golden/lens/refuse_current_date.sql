-- key: id
select a.id, current_date as today from old.a a
