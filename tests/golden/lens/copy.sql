-- key: id
select a.id, a.x, 0 as zero from old.a a where a.x > 0
