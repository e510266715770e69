-- id: DEP01
-- section: deprecated
-- severity: advice
-- title: faxes that are still kept
-- why: they are copied, and then not used by Papyrus 2
-- fix: empty the table fax, or leave it out with `replicate.exclude: [fax]`
-- threshold: fax_rows 100
-- tables: fax
select 'fax' as subject, x.n || ' rows' as detail, pg_total_relation_size('fax'::regclass) as bytes, x.n as rows
from   (select count(*) as n from fax) x
where  x.n > :fax_rows

-- fix-script:
delete from fax where ctid = any (array(select ctid from fax limit :chunk));
