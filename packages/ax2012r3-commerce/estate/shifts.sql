-- title: shifts that are open
-- fix: Close them at the tills and let the stores send them before the old upload jobs are switched off.
select b.storeid as store,
       'terminal ' || b.terminalid || ', shift ' || b.batchid || ' of ' || to_char(b.startdate, 'YYYY-MM-DD') || ' is open' as what
from old.retailposbatchtable b
where b.status in (0, 1)
order by 1, 2
