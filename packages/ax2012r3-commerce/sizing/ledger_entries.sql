-- title: ledger entries
-- tables: generaljournalentry, generaljournalaccountentry, subledgervouchergeneraljournalentry
select date_trunc('month', hour)::date as month, sum(n)::bigint as rows, max(n) as peak_hour
from   (select date_trunc('hour', createddatetime) as hour, count(*) as n from generaljournalentry group by 1) h
group  by 1
