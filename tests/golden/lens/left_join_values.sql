-- key: id
select a.id, b.x, c.x as cx from old.a a left join old.b b on b.a_id = a.id left join old.c c on c.id = b.x
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN old.b b ON b.a_id = a.id JOIN (pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) ON c.id = b.x
