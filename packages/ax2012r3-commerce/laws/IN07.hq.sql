select s.recid
from   inventsum s
join   inventdim d on d.dataareaid = s.dataareaid and d.inventdimid = s.inventdimid
where  (s.inventsiteid, s.inventlocationid, s.wmslocationid, s.inventbatchid, s.inventserialid, s.configid, s.inventsizeid,
        s.inventcolorid, s.inventstyleid, s.licenseplateid, s.inventstatusid)
       is distinct from
       (d.inventsiteid, d.inventlocationid, d.wmslocationid, d.inventbatchid, d.inventserialid, d.configid, d.inventsizeid,
        d.inventcolorid, d.inventstyleid, d.licenseplateid, d.inventstatusid)
