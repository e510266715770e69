-- phase: post-sync
-- title: who owes nothing and borrows much is a friend of the library
-- after: owes
-- per: companies
-- retries: 1
update hq.member m
set    tier = 'friend'
where  m.library = :'company' and m.owes = 0
and    (select count(*) from hq.loan l where l.library = m.library and l.member = m.id) >= 3;
