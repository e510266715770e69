-- key: one
select 1 as one, count(*) as n from old.a a
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("one") SELECT DISTINCT 1 AS one FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id
