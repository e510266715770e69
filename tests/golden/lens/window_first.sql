-- key: b_id
select w.b_id, w.x from (select a.b_id, a.x, row_number() over (partition by a.b_id order by a.n desc) as no from old.a a) w where w.no = 1
