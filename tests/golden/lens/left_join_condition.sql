-- key: id
select a.id, b.x from old.a a left join old.b b on b.a_id = a.id where coalesce(b.n, 0) = 0
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT a.id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id WHERE COALESCE(b.n, 0) = 0 UNION SELECT a.id FROM old.a a LEFT JOIN old.b b ON false, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1) WHERE COALESCE(b.n, 0) = 0
