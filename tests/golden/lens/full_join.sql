-- key: id
select coalesce(a.id, b.a_id) as id, a.x, b.x as bx from old.a a full join old.b b on b.a_id = a.id
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") (SELECT COALESCE(a.id, b.a_id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.a_id = a.id UNION SELECT COALESCE(a.id, b.a_id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id LEFT JOIN old.b b ON false) UNION SELECT COALESCE(a.id, b.a_id) AS id FROM old.b b LEFT JOIN old.a a ON false, LATERAL (SELECT 1 FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id WHERE b.a_id = a.id) carryover1(c1)
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") (SELECT COALESCE(a.id, b.a_id) AS id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id UNION SELECT COALESCE(a.id, b.a_id) AS id FROM old.a a LEFT JOIN old.b b ON false, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1)) UNION SELECT COALESCE(a.id, b.a_id) AS id FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id LEFT JOIN old.a a ON false
