-- key: id
select t.id, p.x from old.a t left join old.a p on p.id = t.c_id where not exists (select 1 from old.a o where o.x = t.x and o.id < t.id)
