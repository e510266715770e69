-- key: issn
-- jobs: 10
-- scope: all
select m.issn,
       m.title,
       m.issue,
       m.price
from   old.magazine m
