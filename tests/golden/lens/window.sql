-- key: id
select a.id, row_number() over (partition by a.b_id order by a.x) as no, sum(a.x) over (partition by a.b_id) as total from old.a a
