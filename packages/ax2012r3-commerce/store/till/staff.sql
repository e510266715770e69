-- Who has signed in.
select STAFFID as staff
from   RETAILSTAFFTABLE
where  BLOCKED = 0
order  by rowid < 1 + :pick % (select max(rowid) from RETAILSTAFFTABLE), rowid
limit  1
