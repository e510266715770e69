-- key: id
select a.id, a.x, 0 as zero from old.a a where a.x > 0
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
