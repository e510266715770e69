-- key: id
select a.id from old.a a where exists (select 1 from old.b b where b.a_id = a.id) and a.x in (select c.x from old.c c)
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1) WHERE a.x IN (SELECT c.x FROM old.c c)
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT c.x FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) carryover1(c1) WHERE EXISTS (SELECT 1 FROM old.b b WHERE b.a_id = a.id) AND a.x = carryover1.c1
