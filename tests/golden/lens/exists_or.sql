-- key: id
select a.id from old.a a where a.x > 0 and (a.n = 1 or exists (select 1 from old.b b where b.a_id = a.id))
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1) WHERE a.x > 0
