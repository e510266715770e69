-- key: x
select a.x, sum(a.n) as n from old.a a group by rollup (a.x)
