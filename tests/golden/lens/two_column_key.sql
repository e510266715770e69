-- key: id
select a.id, p.v from old.a a join old.pair p on p.k1 = a.x and p.k2 = a.n
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.pair
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN (pg_temp."changed:pair" JOIN old.pair p ON p.k1 = "changed:pair".k1 AND p.k2 = "changed:pair".k2) ON p.k1 = a.x AND p.k2 = a.n
