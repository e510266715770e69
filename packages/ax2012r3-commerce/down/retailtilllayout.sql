-- key: recid
-- Stores of N-1 cannot show the layouts of version N: theirs are kept apart.
select h.cashchangerlayoutxml,
       h.customerlayoutid,
       h.customerlayoutxml,
       h.devicetype,
       h.height,
       h.img_cashchangerlayoutxml,
       h.layoutid,
       h.layoutxml,
       h.layoutxmlportrait,
       h.name,
       h.receiptid,
       h.receiptitemslayoutxml,
       h.receiptpaymentlayoutxml,
       h.totalid,
       h.totalslayoutxml,
       h.width,
       h.recversion,
       h.partition,
       h.recid
from hq.retailtilllayoutlegacy h
