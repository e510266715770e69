-- title: sales without a line
-- fix: Finish them at the till.
select s.branch::text as store,
       'sale ' || s.id || ' has no line' as what
from   old.sale s
where  not exists (select from old.sale_line l where l.sale = s.id)
