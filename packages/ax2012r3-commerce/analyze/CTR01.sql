-- id: CTR01
-- catalogue: 6050
-- section: environment
-- severity: info
-- title: countries of your organizations
-- why: each has features of its own to be tried
-- tables: dirpartypostaladdressview.countryregionid, dirpartypostaladdressview.isprimary, dirpartytable.organizationtype
select v.countryregionid::text as subject, count(*) || ' organizations' as detail, 0::bigint as bytes
from   dirpartytable p
join   dirpartypostaladdressview v on v.party = p.recid and v.isprimary = 1
where  p.organizationtype = 1
group  by v.countryregionid
order  by 1
