-- key: x
select distinct a.x, b.y from old.a a join old.b b on b.id = a.b_id
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("x") SELECT DISTINCT a.x FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id JOIN old.b b ON b.id = a.b_id
-- old.b
INSERT INTO "carryover"."dirty_t" ("x") SELECT DISTINCT a.x FROM old.a a JOIN (pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) ON b.id = a.b_id
