-- key: id
with m as (select b.a_id, max(b.x) as x from old.b b group by b.a_id), n as (select m.a_id, m.x from m)
select a.id, n.x, o.x as ox from old.a a left join n on n.a_id = a.id left join m o on o.a_id = a.b_id
