-- key: b_id
select a.b_id, sum(a.x) as total, max(b.y) as y from old.a a join old.b b on b.id = a.b_id group by a.b_id having sum(a.x) > 0
