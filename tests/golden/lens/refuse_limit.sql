-- key: id
select a.id from old.a a order by a.x limit 10
-- gives
refused: LIMIT or OFFSET; use DISTINCT ON (...) ... ORDER BY, or a LATERAL subquery for each row
