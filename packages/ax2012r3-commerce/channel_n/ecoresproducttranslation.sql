-- key: recid
-- jobs: 1040_AX7
-- scope: all
select t.recid,
       t.description,
       t.languageid,
       t.name,
       t.product
from hq.ecoresproducttranslation t
