-- id: DOC02
-- catalogue: 2030
-- section: environment
-- severity: warning
-- title: attachments in SharePoint
-- why: nothing carries them over
-- fix: move by hand what is still needed, and say so to those who will miss the rest
-- tables: docuref.typeid, docuref.refcompanyid, docutype.typeid, docutype.fileplace
select d.refcompanyid::text as subject, count(*) || ' attachments of type ' || string_agg(distinct d.typeid::text, ', ') as detail, 0::bigint as bytes, count(*) as rows
from   docuref d
join   docutype y on y.typeid = d.typeid and y.dataareaid = d.refcompanyid
where  y.fileplace = 3
group  by d.refcompanyid
order  by 1
