-- key: id
select a.id, b.x from old.a a left join old.b b on b.a_id = a.id and exists (select 1 from old.c c where c.b_id = b.id) where b.x is null
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT a.id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id AND EXISTS (SELECT 1 FROM old.c c WHERE c.b_id = b.id) WHERE b.x IS NULL UNION SELECT a.id FROM old.a a LEFT JOIN old.b b ON false, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id AND EXISTS (SELECT 1 FROM old.c c WHERE c.b_id = b.id)) carryover1(c1) WHERE b.x IS NULL
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT a.id FROM old.a a JOIN old.b b ON b.a_id = a.id, LATERAL (SELECT 1 FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id WHERE c.b_id = b.id) carryover1(c1) WHERE b.x IS NULL UNION SELECT a.id FROM old.a a LEFT JOIN old.b b ON false, LATERAL (SELECT 1 FROM old.b b, LATERAL (SELECT 1 FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id WHERE c.b_id = b.id) carryover2(c1) WHERE b.a_id = a.id) carryover3(c1) WHERE b.x IS NULL
