-- key: id
select a.id, c.x from old.a a join (select distinct on (b.a_id) b.a_id, b.x from old.b b order by b.a_id, b.n) l on l.a_id = a.id join old.c c on c.id = l.x
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (SELECT b.a_id, b.x FROM old.b b WHERE b.a_id IN (SELECT b.a_id FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id)) l(a_id, x) ON l.a_id = a.id JOIN old.c c ON c.id = l.x
-- old.c
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (SELECT b.a_id, b.x FROM old.b b) l(a_id, x) ON l.a_id = a.id JOIN (pg_temp."changed:c" JOIN old.c c ON c.id = "changed:c".id) ON c.id = l.x
