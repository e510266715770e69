-- id: PRICE01
-- severity: blocker
-- title: everything that is for sale has a price
-- why: a till of Papyrus 1 asks the cashier for a price when it finds none
-- fix: set the price, or take the product out of sale
select p.code, p.title || ' costs nothing'
from   hq.product p
where  p.price <= 0 and p.status = 'available'
order  by 1
