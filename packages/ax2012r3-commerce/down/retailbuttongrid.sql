-- key: recid
select h.buttongridid,
       h.defaultcolor,
       h.defaultfontsize,
       h.defaultfontstyle,
       h.font,
       h.keyboardused,
       h.name,
       h.spacebetweenbuttons,
       h.recversion,
       h.partition,
       h.recid
from hq.retailbuttongrid h
