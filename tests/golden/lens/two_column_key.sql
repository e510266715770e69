-- key: id
select a.id, p.v from old.a a join old.pair p on p.k1 = a.x and p.k2 = a.n
