-- key: id
select a.id, row_number() over (order by a.x) as no from old.a a
-- gives
refused: a window function over all rows; give it PARTITION BY with the columns that belong together
