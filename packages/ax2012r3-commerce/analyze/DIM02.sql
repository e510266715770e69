-- id: DIM02
-- section: data
-- severity: warning
-- title: dimension columns wider than in version N
-- why: a value that is cut makes two dimensions equal; the unique hash then fails late in the upgrade
-- fix: shorten the values, or widen the column in version N by an extension before the upgrade
-- tables: inventdim
select 'inventdim.' || a.attname as subject, 'declared ' || a.atttypmod - 4 || ' characters, version N has ' || w.width as detail, 0::bigint as bytes
from   (values ('configid', 10), ('inventbatchid', 20), ('inventcolorid', 10), ('inventgtdid_ru', 30), ('inventlocationid', 10), ('inventownerid_ru', 20), ('inventprofileid_ru', 10),
               ('inventserialid', 20), ('inventsiteid', 10), ('inventsizeid', 10), ('inventstatusid', 10), ('inventstyleid', 10), ('licenseplateid', 25), ('wmslocationid', 10)) w(name, width)
join   pg_attribute a on a.attrelid = 'inventdim'::regclass and a.attname = w.name
where  a.atttypmod - 4 > w.width
order  by subject
