-- key: id
select a.id, row_number() over (order by a.x) as no from old.a a
