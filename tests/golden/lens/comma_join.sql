-- key: id, other
select a.id, b.id as other from old.a a, old.b b where a.x = b.x
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id", "other") SELECT DISTINCT a.id, b.id AS other FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id CROSS JOIN old.b b WHERE a.x = b.x
-- old.b
INSERT INTO "carryover"."dirty_t" ("id", "other") SELECT DISTINCT a.id, b.id AS other FROM old.a a CROSS JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) WHERE a.x = b.x
