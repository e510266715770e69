-- key: y
select distinct on (a.y) a.y, a.x from old.a a order by a.y, a.id
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("y") SELECT a.y FROM old.a a WHERE a.y IN (SELECT a.y FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id) UNION SELECT a.y FROM old.a a, (SELECT a.y FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id) carryover1(c1) WHERE a.y IS NOT DISTINCT FROM carryover1.c1 AND carryover1.c1 IS NULL
