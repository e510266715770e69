-- key: id
select a.id, sum(a.x) over (partition by a.b_id) as s, sum(a.x) over (partition by a.n) as t from old.a a
-- gives
refused: window functions with different PARTITION BY in one query; put those with another partition into a subquery in FROM
