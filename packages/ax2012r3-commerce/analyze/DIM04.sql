-- id: DIM04
-- section: data
-- severity: warning
-- title: inventory dimensions without a hash, or with the same
-- why: the unique hash of version N is made of fourteen dimensions; where the script that fills it never ran it is empty, and the index cannot be built
-- fix: run the script of the product that fills the hash, and merge dimensions that are equal
-- tables: inventdim.sha1hash
select 'inventdim.sha1hash' as subject, count(*) || ' dimensions have no hash, e.g. ' || min(d.inventdimid) as detail, 0::bigint as bytes, count(*) as rows
from   inventdim d
where  d.sha1hash is null or length(d.sha1hash) = 0 or d.sha1hash = decode(repeat('00', length(d.sha1hash)), 'hex')
having count(*) > 0
union  all
select 'inventdim ' || d.dataareaid, count(*) || ' dimensions have the hash of ' || min(d.inventdimid), 0, count(*)
from   inventdim d
where  length(d.sha1hash) > 0
group  by d.partition, d.dataareaid, d.sha1hash
having count(*) > 1
