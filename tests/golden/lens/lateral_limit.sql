-- key: id
select a.id, l.x from old.a a left join lateral (select b.x from old.b b where b.a_id = a.id order by b.n limit 1) l on true
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a JOIN LATERAL (SELECT NULL FROM old.b b, (SELECT 1 FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id WHERE b.a_id = a.id) carryover1 WHERE b.a_id = a.id) l(x) ON true
