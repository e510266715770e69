-- id: COL01
-- catalogue: 3000
-- section: data
-- severity: warning
-- title: codes that differ only in case or trailing blanks
-- why: version N compares codes without case and trailing blanks; its unique indexes would refuse the second row
-- fix: rename or merge one of the two in version N-1
-- tables: inventtable, custtable, vendtable, inventlocation, retailstafftable, retailgiftcardtable
select x.subject, x.n || ' rows are one code: ' || x.codes as detail, 0::bigint as bytes
from   (select 'inventtable ' || dataareaid as subject, count(*) as n, string_agg('"' || itemid || '"', ', ' order by itemid) as codes from inventtable group by dataareaid, lower(rtrim(itemid)) having count(*) > 1
        union  all
        select 'custtable ' || dataareaid, count(*), string_agg('"' || accountnum || '"', ', ' order by accountnum) from custtable group by dataareaid, lower(rtrim(accountnum)) having count(*) > 1
        union  all
        select 'vendtable ' || dataareaid, count(*), string_agg('"' || accountnum || '"', ', ' order by accountnum) from vendtable group by dataareaid, lower(rtrim(accountnum)) having count(*) > 1
        union  all
        select 'inventlocation ' || dataareaid, count(*), string_agg('"' || inventlocationid || '"', ', ' order by inventlocationid) from inventlocation group by dataareaid, lower(rtrim(inventlocationid)) having count(*) > 1
        union  all
        select 'retailstafftable', count(*), string_agg('"' || staffid || '"', ', ' order by staffid) from retailstafftable group by lower(rtrim(staffid)) having count(*) > 1
        union  all
        select 'retailgiftcardtable ' || dataareaid, count(*), string_agg('"' || entryid || '"', ', ' order by entryid) from retailgiftcardtable group by dataareaid, lower(rtrim(entryid)) having count(*) > 1) x
order  by 1, 2
