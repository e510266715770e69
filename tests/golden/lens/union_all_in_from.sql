-- key: id
select c.id, u.x from old.c c join (select a.id, a.x from old.a a union all select b.a_id, b.x from old.b b) u on u.id = c.a_id
-- gives
-- old.c: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:c".id FROM pg_temp."changed:c"
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT c.id FROM old.c c JOIN (SELECT a.id, NULL FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id) u(id, x) ON u.id = c.a_id
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT c.id FROM old.c c JOIN (SELECT b.a_id, NULL FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) u(id, x) ON u.id = c.a_id
