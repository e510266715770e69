-- key: id
select id, quantity from old.stock
