-- key: id
select coalesce(c.x, b.x, a.id) as id from old.a a left join old.b b on b.a_id = a.id left join old.c c on c.b_id = b.id and c.x > 3
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") (SELECT COALESCE(c.x, b.x, a.id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.a_id = a.id JOIN old.c c ON c.b_id = b.id AND c.x > 3 UNION SELECT COALESCE(c.x, b.x, a.id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.a_id = a.id LEFT JOIN old.c c ON false) UNION SELECT COALESCE(c.x, b.x, a.id) AS id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id LEFT JOIN old.b b ON false LEFT JOIN old.c c ON false
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") (SELECT COALESCE(c.x, b.x, a.id) AS id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id JOIN old.c c ON c.b_id = b.id AND c.x > 3 UNION SELECT COALESCE(c.x, b.x, a.id) AS id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.a_id = a.id LEFT JOIN old.c c ON false) UNION SELECT COALESCE(c.x, b.x, a.id) AS id FROM old.a a LEFT JOIN old.b b ON false LEFT JOIN old.c c ON false, LATERAL (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1(c1)
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT COALESCE(c.x, b.x, a.id) AS id FROM old.a a JOIN old.b b ON b.a_id = a.id JOIN (pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) ON c.b_id = b.id AND c.x > 3 UNION SELECT COALESCE(c.x, b.x, a.id) AS id FROM old.a a JOIN old.b b ON b.a_id = a.id LEFT JOIN old.c c ON false, LATERAL (SELECT 1 FROM pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id WHERE c.b_id = b.id AND c.x > 3) carryover1(c1)
