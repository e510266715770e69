-- title: store transactions
-- tables: retailtransactiontable, retailtransactionsalestrans, retailtransactionpaymenttrans, retailtransactiontaxtrans
select date_trunc('month', hour)::date as month, sum(n)::bigint as rows, max(n) as peak_hour
from   (select date_trunc('hour', transdate + transtime * interval '1 second') as hour, count(*) as n from retailtransactiontable group by 1) h
group  by 1
