-- key: recid
select h.description,
       h.name,
       h.product,
       h.languageid,
       h.modifiedby,
       h.recversion,
       h.partition,
       h.recid
from hq.ecoresproducttranslation h
