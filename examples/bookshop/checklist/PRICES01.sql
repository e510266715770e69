-- id: PRICES01
-- phase: post
-- gate: open
-- severity: blocker
-- title: no price is below zero
-- why: the till of Papyrus 2 pays such a price out
-- fix: correct it in the office
-- on: target
select p.code, p.title || ' costs ' || p.price
from   hq.product p
where  p.price < 0
order  by 1
