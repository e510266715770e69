-- key: id, other
select a.id, b.id as other from old.a a, old.b b where a.x = b.x
