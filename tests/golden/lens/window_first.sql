-- key: b_id
select w.b_id, w.x from (select a.b_id, a.x, row_number() over (partition by a.b_id order by a.n desc) as no from old.a a) w where w.no = 1
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("b_id") SELECT DISTINCT w.b_id FROM (SELECT a.b_id, NULL, NULL FROM old.a a WHERE a.b_id IN (SELECT a.b_id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id)) w(b_id, x, no)
