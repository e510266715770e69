-- key: id
with m as (select b.a_id, max(b.x) as x from old.b b group by b.a_id), n as (select m.a_id, m.x from m)
select a.id, n.x, o.x as ox from old.a a left join n on n.a_id = a.id left join m o on o.a_id = a.b_id
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.b
INSERT INTO "carryover"."dirty_t" ("id") SELECT a.id FROM old.a a JOIN (SELECT m.a_id, NULL FROM (SELECT b.a_id, NULL FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) m(a_id, x)) n(a_id, x) ON n.a_id = a.id UNION SELECT a.id FROM old.a a JOIN (SELECT b.a_id, NULL FROM pg_temp."changed:b" JOIN old.b b ON b.id = "changed:b".id) o(a_id, x) ON o.a_id = a.b_id
