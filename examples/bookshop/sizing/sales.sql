-- title: sales
-- tables: sale, sale_line
select date_trunc('month', hour)::date as month, sum(n)::bigint as rows, max(n) as peak_hour
from   (select date_trunc('hour', sold_at) as hour, count(*) as n from sale group by 1) h
group  by 1
