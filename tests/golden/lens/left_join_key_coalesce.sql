-- key: id
select coalesce(b.x, a.id) as id, a.y from old.a a left join old.b b on b.a_id = a.id
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") SELECT COALESCE(b.x, a.id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.a_id = a.id UNION SELECT COALESCE(b.x, a.id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id LEFT JOIN old.b b ON false
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT COALESCE(b.x, a.id) AS id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id UNION SELECT COALESCE(b.x, a.id) AS id FROM old.a a LEFT JOIN old.b b ON false, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1)
