-- key: top
select max(a.x) as top, a.b_id from old.a a group by a.b_id
-- gives
refused: the key column top is the result of an aggregate, a window function or a scalar subquery over old.a; make the key of columns of the tables
