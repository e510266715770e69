-- key: id
select a.id, k.y from old.a a join old.keyless k on k.x = a.x
