-- id: ENV03
-- catalogue: 2000
-- section: environment
-- severity: blocker
-- title: a version that cannot be upgraded
-- why: only AX 2012 R2 CU9 and R3 CU13, and what is newer, have the tables that this package knows
-- fix: install the last cumulative update of version N-1 first
-- tables: sysmodelmanifest.versionmajor, sysmodelmanifest.versionminor, sysmodelmanifest.versionbuildno, sysmodelmanifest.versionrevision, sysmodelelementdata.modelelement, sysmodelelement.elementtype
select 'application' as subject, concat_ws('.', v.versionmajor, v.versionminor, v.versionbuildno, v.versionrevision) || ' is too old' as detail, 0::bigint as bytes
from   (select m.versionmajor, m.versionminor, m.versionbuildno, m.versionrevision
        from   sysmodelmanifest m
        join   sysmodelelementdata d on d.modelid = m.recid
        join   sysmodelelement e on e.recid = d.modelelement and e.elementtype = 13 and lower(e.name) = 'applbuildno'
        order  by m.versionmajor desc, m.versionminor desc, m.versionbuildno desc, m.versionrevision desc
        limit  1) v
where  (v.versionmajor, v.versionminor) < (6, 2)
or     ((v.versionmajor, v.versionminor) = (6, 2) and (v.versionbuildno, v.versionrevision) < (3000, 110))
or     ((v.versionmajor, v.versionminor) = (6, 3) and (v.versionbuildno, v.versionrevision) < (6000, 149))
