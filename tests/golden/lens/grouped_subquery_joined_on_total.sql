-- key: id
select a.id from old.a a join (select b.a_id, sum(b.x) as total from old.b b group by b.a_id) g on g.total = a.x
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a CROSS JOIN (SELECT NULL, NULL FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) g(a_id, total)
