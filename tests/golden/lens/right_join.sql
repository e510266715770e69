-- key: id
select b.id, a.x from old.a a right join old.b b on b.a_id = a.id
-- gives
-- old.b: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:b".id FROM pg_temp."changed:b"
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT b.id FROM old.b b JOIN (pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id) ON b.a_id = a.id
