-- key: buttongridid
-- jobs: 1090_AX7
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
from hq.retailbuttongrid t
