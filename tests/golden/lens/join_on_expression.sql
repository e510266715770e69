-- key: id
select a.id, b.x from old.a a join old.b b on lower(b.y) = lower(a.y) and a.n > b.n
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON lower(b.y) = lower(a.y) AND a.n > b.n
