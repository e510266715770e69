-- key: kind, id
select 'a' as kind, a.id, a.x from old.a a union all select 'b', b.id, b.x from old.b b join old.c c on c.b_id = b.id
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("kind", "id") SELECT DISTINCT 'a' AS kind, a.id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id
-- old.b
INSERT INTO "carryover"."dirty_t" ("kind", "id") SELECT DISTINCT 'b', b.id FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id JOIN old.c c ON c.b_id = b.id
-- old.c
INSERT INTO "carryover"."dirty_t" ("kind", "id") SELECT DISTINCT 'b', b.id FROM old.b b JOIN (pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) ON c.b_id = b.id
