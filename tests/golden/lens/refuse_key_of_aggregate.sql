-- key: top
select max(a.x) as top, a.b_id from old.a a group by a.b_id
