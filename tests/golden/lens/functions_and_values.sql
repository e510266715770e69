-- key: id, no
select a.id, g.no, v.w from old.a a cross join lateral generate_series(1, a.n) g(no) join (values (1, 'one'), (2, 'two')) v(i, w) on v.i = g.no
