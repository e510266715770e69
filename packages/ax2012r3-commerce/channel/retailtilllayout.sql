-- key: layoutid
-- jobs: 1090
-- scope: all
select t.recid,
       t.cashchangerlayoutxml,
       t.customerlayoutid,
       t.customerlayoutxml,
       t.devicetype,
       t.height,
       t.img_cashchangerlayoutxml,
       t.layoutid,
       t.layoutxml,
       t.layoutxmlportrait,
       t.name,
       t.receiptid,
       t.receiptitemslayoutxml,
       t.receiptpaymentlayoutxml,
       t.totalid,
       t.totalslayoutxml,
       t.width
from old.retailtilllayout t
