-- id: PAT01
-- phase: post
-- gate: none
-- severity: warning
-- title: attachments are migrated
-- why: version N reads them from its own storage; do it once users work here, since a refresh carries no files
-- fix: Document management parameters > Migrate files, which can be repeated
-- owner: system administrator
-- on: target
-- needs: docuvalue
select 'docuvalue', count(*) || ' attachments are still in the database'
from   hq.docuvalue v
where  length(v.file) > 0
having count(*) > 0
