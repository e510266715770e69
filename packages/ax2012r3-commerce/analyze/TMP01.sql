-- id: TMP01
-- section: data
-- severity: advice
-- title: rows of a form that crashed
-- why: the table holds something only while a form is open; rows that stayed stop its key in version N
-- fix: empty the table while nobody works
-- tables: ledgerperiodclosetemplatetasktmp
select 'ledgerperiodclosetemplatetasktmp' as subject, count(*) || ' rows' as detail, pg_total_relation_size('ledgerperiodclosetemplatetasktmp'::regclass) as bytes, count(*) as rows
from   ledgerperiodclosetemplatetasktmp
having count(*) > 0

-- fix-script:
delete from ledgerperiodclosetemplatetasktmp where ctid = any (array(select ctid from ledgerperiodclosetemplatetasktmp limit :chunk));
