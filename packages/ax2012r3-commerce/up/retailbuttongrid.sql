-- key: recid
select t.buttongridid,
       t.defaultcolor,
       t.defaultfontsize,
       t.defaultfontstyle,
       t.font,
       t.keyboardused,
       t.name,
       t.spacebetweenbuttons,
       t.recversion,
       t.partition,
       t.recid
from old.retailbuttongrid t
