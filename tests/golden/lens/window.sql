-- key: id
select a.id, row_number() over (partition by a.b_id order by a.x) as no, sum(a.x) over (partition by a.b_id) as total from old.a a
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id") SELECT DISTINCT a.id FROM old.a a WHERE a.b_id IN (SELECT a.b_id FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id)
