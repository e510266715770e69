-- key: id
with recursive r as (select a.id from old.a a union all select a.id from old.a a join r on r.id = a.b_id) select r.id from r
-- gives
refused: WITH RECURSIVE; write the levels as joins
