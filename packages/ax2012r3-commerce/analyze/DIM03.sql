-- id: DIM03
-- catalogue: 4060
-- section: custom
-- severity: warning
-- title: inventory dimensions of your own
-- why: version N has fields that are kept free for them, and code has to be moved to these
-- fix: map each dimension to one of the free fields, and write that into the up lens of inventdim
-- tables: inventdim
select 'inventdim.' || a.attname as subject, format_type(a.atttypid, a.atttypmod) as detail, 0::bigint as bytes
from   pg_attribute a
where  a.attrelid = 'inventdim'::regclass and a.attnum > 0 and not a.attisdropped
and    a.attname not in ('inventdimid', 'inventgtdid_ru', 'inventprofileid_ru', 'inventownerid_ru', 'modifiedby', 'modifieddatetime', 'createddatetime', 'createdby', 'dataareaid', 'inventbatchid',
                         'wmslocationid', 'wmspalletid', 'inventserialid', 'inventlocationid', 'configid', 'inventsizeid', 'inventcolorid', 'inventsiteid', 'inventstyleid', 'licenseplateid',
                         'inventstatusid', 'sha1hash', 'recversion', 'partition', 'recid')
order  by 1
