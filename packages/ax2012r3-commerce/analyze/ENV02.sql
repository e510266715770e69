-- id: ENV02
-- catalogue: 2000
-- section: environment
-- severity: info
-- title: version of the application
-- why: the model database says which cumulative update this is
-- tables: sysmodelmanifest.versionmajor, sysmodelmanifest.versionminor, sysmodelmanifest.versionbuildno, sysmodelmanifest.versionrevision, sysmodelelementdata.modelelement, sysmodelelement.elementtype
select 'application' as subject, concat_ws('.', v.versionmajor, v.versionminor, v.versionbuildno, v.versionrevision) as detail, 0::bigint as bytes
from   (select m.versionmajor, m.versionminor, m.versionbuildno, m.versionrevision
        from   sysmodelmanifest m
        join   sysmodelelementdata d on d.modelid = m.recid
        join   sysmodelelement e on e.recid = d.modelelement and e.elementtype = 13 and lower(e.name) = 'applbuildno'
        order  by m.versionmajor desc, m.versionminor desc, m.versionbuildno desc, m.versionrevision desc
        limit  1) v
