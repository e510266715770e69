-- phase: post-sync
-- title: what each member owes is the sum of the fines
-- per: companies
-- timeout: 10m
update hq.member m
set    owes = (select coalesce(sum(l.fine), 0) from hq.loan l where l.library = m.library and l.member = m.id)
where  m.library = :'company';
