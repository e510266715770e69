select dataareaid, sha1hashhex as hash, count(*) as n
from   inventdim
group  by dataareaid, sha1hashhex
having count(*) > 1
