-- key: code
-- jobs: 11
-- scope: all
-- What shops of Papyrus 2 sell: books and magazines are products now.
select p.code,
       p.kind,
       p.title,
       p.author,
       p.issue,
       p.price
from   hq.product p
where  p.status is distinct from 'out of print'
