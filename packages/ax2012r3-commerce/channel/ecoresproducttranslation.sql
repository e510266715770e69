-- key: recid
-- jobs: 1040
-- scope: all
select t.recid,
       t.description,
       t.languageid,
       t.name,
       t.product
from old.ecoresproducttranslation t
