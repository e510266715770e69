-- key: id
select t.id, p.x from old.a t left join old.a p on p.id = t.c_id where not exists (select 1 from old.a o where o.x = t.x and o.id < t.id)
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") SELECT t.id FROM old.a t JOIN (pg_temp."changed:a" JOIN old.a p ON p.id = "changed:a".id) ON p.id = t.c_id UNION SELECT t.id FROM old.a t, LATERAL (SELECT 1 FROM pg_temp."changed:a" JOIN old.a o ON o.id = "changed:a".id WHERE o.x = t.x AND o.id < t.id) carryover1(c1)
