-- key: id
select a.id, (select max(b.x) from old.b b where b.a_id = a.id) as top from old.a a where a.n = (select count(*) from old.c c where c.a_id = a.id)
-- gives
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1)
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT 1 FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id WHERE c.a_id = a.id) carryover1(c1)
