insert into sale (id, branch, customer, sold_at, payment, total)
values (:id, :branch, nullif(:customer, ''), :now, :tender, money(:total_gross))
