-- id: DOC01
-- phase: pre
-- gate: none
-- severity: warning
-- title: attachments are in the database
-- why: only those are carried over; files on a share or in SharePoint stay where they are
-- fix: move them into the database before the upgrade
-- owner: system administrator
-- on: source
-- needs: docutype
-- 0 is a folder, 1 the database, 2 SharePoint.
select typeid, 'its files are in ' || case fileplace when 0 then 'a folder' else 'SharePoint' end
from   docutype
where  fileplace in (0, 2)
order  by 1
