-- id: DIM05
-- section: data
-- severity: blocker
-- title: inventory dimensions that are one when they are cut
-- why: dimension columns that were widened are cut to the width of version N; two dimensions then have the same hash and the upgrade stops in its last step
-- fix: shorten the values so that they differ within the width of version N, or widen the column there by an extension
-- tables: inventdim
select 'inventdim ' || d.dataareaid as subject, string_agg(d.inventdimid, ', ' order by d.inventdimid) || ' would be one' as detail, 0::bigint as bytes, count(*) as rows
from   inventdim d
group  by d.partition, d.dataareaid, left(d.configid, 10), left(d.inventbatchid, 20), left(d.inventcolorid, 10), left(d.inventgtdid_ru, 30), left(d.inventlocationid, 10), left(d.inventownerid_ru, 20), left(d.inventprofileid_ru, 10), left(d.inventserialid, 20), left(d.inventsiteid, 10), left(d.inventsizeid, 10), left(d.inventstatusid, 10), left(d.inventstyleid, 10), left(d.licenseplateid, 25), left(d.wmslocationid, 10)
having count(distinct (d.configid, d.inventbatchid, d.inventcolorid, d.inventgtdid_ru, d.inventlocationid, d.inventownerid_ru, d.inventprofileid_ru, d.inventserialid, d.inventsiteid, d.inventsizeid, d.inventstatusid, d.inventstyleid, d.licenseplateid, d.wmslocationid)) > 1
order  by 1
