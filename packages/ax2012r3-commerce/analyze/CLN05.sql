-- id: CLN05
-- catalogue: 7020
-- section: cleanup
-- severity: advice
-- title: documents of AIF messages
-- why: the XML of old messages is kept for nobody; the log of the messages stays
-- fix: run the script, or System administration > Periodic > Services and Application Integration Framework > History, Clear document XML
-- threshold: aif_age_days 365
-- tables: aifdocumentlog.messageid, aifmessagelog.messageid, aifmessagelog.createddatetime
select 'aifdocumentlog' as subject, x.n || ' of ' || x.total || ' rows: of messages older than the limit' as detail,
       (pg_total_relation_size('aifdocumentlog'::regclass) * x.n / greatest(x.total, 1))::bigint as bytes, x.n as rows
from   (select count(*) as total, count(*) filter (where exists (select from aifmessagelog m where m.messageid = t.messageid and m.createddatetime < current_date - :'aif_age_days'::int)) as n from aifdocumentlog t) x
where  x.n > 0 and pg_total_relation_size('aifdocumentlog'::regclass) * x.n / greatest(x.total, 1) >= :'cleanup_saving_mb'::numeric * 1048576

-- fix-script:
delete from aifdocumentlog
where  ctid = any (array(select t.ctid from aifdocumentlog t where exists (select from aifmessagelog m where m.messageid = t.messageid and m.createddatetime < current_date - :'aif_age_days'::int) limit :chunk));
