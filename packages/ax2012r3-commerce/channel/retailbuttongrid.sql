-- key: buttongridid
-- jobs: 1090
-- scope: all
select t.recid,
       t.buttongridid,
       t.defaultcolor,
       t.defaultfontsize,
       t.defaultfontstyle,
       t.font,
       t.keyboardused,
       t.name,
       t.spacebetweenbuttons
from old.retailbuttongrid t
