-- key: id
select a.id, k.y from old.a a join old.keyless k on k.x = a.x
-- gives
-- old.a: direct
INSERT INTO "carryover"."dirty_t" ("id") SELECT "changed:a".id FROM pg_temp."changed:a"
-- old.keyless: no key, full reload

