-- key: id
select a.id, l.x from old.a a left join lateral (select b.x from old.b b where b.a_id = a.id order by b.n limit 1) l on true
