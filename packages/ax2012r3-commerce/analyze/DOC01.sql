-- id: DOC01
-- catalogue: 2020
-- section: environment
-- severity: warning
-- title: attachments on a file share
-- why: they are not in the database, so no copy brings them to version N
-- fix: move them into the database before the upgrade
-- tables: docuref.typeid, docuref.refcompanyid, docutype.typeid, docutype.fileplace
select d.refcompanyid::text as subject, count(*) || ' attachments of type ' || string_agg(distinct d.typeid::text, ', ') as detail, 0::bigint as bytes, count(*) as rows
from   docuref d
join   docutype y on y.typeid = d.typeid and y.dataareaid = d.refcompanyid
where  y.fileplace = 0
group  by d.refcompanyid
order  by 1
