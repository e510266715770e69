-- id: DUP02
-- section: data
-- severity: warning
-- title: duplicates among distinct products
-- why: the table is filled again by the product; its duplicates stop the key of version N
-- fix: empty the table: it is filled again
-- tables: inventdistinctproduct
select 'inventdistinctproduct' as subject, count(*) || ' rows are the same' as detail, 0::bigint as bytes, count(*) as rows
from   inventdistinctproduct t
group  by to_jsonb(t) - 'recid' - 'recversion' - 'createddatetime' - 'modifieddatetime'
having count(*) > 1

-- fix-script:
delete from inventdistinctproduct where ctid = any (array(select ctid from inventdistinctproduct limit :chunk));
