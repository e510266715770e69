-- key: id
select a.id from old.a a where not (a.x in (select b.x from old.b b)) and not (a.y in (select c.y from old.c c))
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT b.x FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) carryover1(c1) WHERE a.x = carryover1.c1
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT a.id FROM old.a a, LATERAL (SELECT c.y FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) carryover1(c1) WHERE a.y = carryover1.c1 UNION SELECT a.id FROM old.a a, LATERAL (SELECT c.y FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) carryover1(c1) WHERE a.y IS NULL OR carryover1.c1 IS NULL
