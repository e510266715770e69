-- key: x
select a.x, sum(a.n) as n from old.a a group by rollup (a.x)
-- gives
refused: GROUPING SETS, ROLLUP or CUBE; write one GROUP BY per set and join them with UNION ALL
