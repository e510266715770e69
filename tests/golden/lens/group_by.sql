-- key: b_id
select a.b_id, sum(a.x) as total, max(b.y) as y from old.a a join old.b b on b.id = a.b_id group by a.b_id having sum(a.x) > 0
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("b_id") SELECT DISTINCT a.b_id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.id = a.b_id
-- old.b
INSERT INTO "carryover"."dirty_t" ("b_id") SELECT DISTINCT a.b_id FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.id = a.b_id
