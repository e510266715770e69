-- key: recid
select t.description,
       t.name,
       t.product,
       t.languageid,
       t.modifiedby,
       t.recversion,
       t.partition,
       t.recid
from old.ecoresproducttranslation t
