-- id: IN08
-- title: the dimension hash is unique per company
-- kind: invariant
-- key: dataareaid, hash
-- area: inventory
-- why: two rows with one hash are one dimension; the unique index of version N would refuse them
select dataareaid, encode(sha1hash, 'hex') as hash, count(*) as n
from   inventdim
group  by dataareaid, sha1hash
having count(*) > 1
