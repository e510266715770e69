-- key: id
select a.id, g.total from old.a a join (select b.a_id, sum(b.x) as total from old.b b group by b.a_id) g on g.a_id = a.id where g.total > 10
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (SELECT b.a_id, NULL FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) g(a_id, total) ON g.a_id = a.id
