select ACCOUNTNUM as customer
from   CUSTTABLE
where  DATAAREAID = :company
and    rowid >= 1 + :pick % (select max(rowid) from CUSTTABLE)
order  by rowid
limit  1
