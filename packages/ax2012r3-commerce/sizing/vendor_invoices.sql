-- title: vendor transactions
-- tables: vendtrans, vendsettlement
select date_trunc('month', hour)::date as month, sum(n)::bigint as rows, max(n) as peak_hour
from   (select date_trunc('hour', createddatetime) as hour, count(*) as n from vendtrans where createddatetime > '1900-01-01' group by 1) h
group  by 1
