-- key: id, no
select a.id, g.no, v.w from old.a a cross join lateral generate_series(1, a.n) g(no) join (values (1, 'one'), (2, 'two')) v(i, w) on v.i = g.no
-- gives
-- old.a
INSERT INTO "carryover"."dirty_t" ("id", "no") SELECT DISTINCT a.id, g.no FROM pg_temp."changed:a" JOIN old.a a ON a.id = "changed:a".id CROSS JOIN LATERAL generate_series(1, a.n) g(no) JOIN (VALUES (1, 'one'), (2, 'two')) v(i, w) ON v.i = g.no
