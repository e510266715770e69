-- id: DUP03
-- section: data
-- severity: blocker
-- title: lines of retail orders with one number
-- why: the index of version N refuses the second line
-- fix: give the lines numbers of their own
-- tables: retailsalesline.saleslineidx
select 'retailsalesline' as subject, count(*) || ' lines have the number ' || t.saleslineidx as detail, 0::bigint as bytes, count(*) as rows
from   retailsalesline t
group  by t.saleslineidx
having count(*) > 1
order  by 2
