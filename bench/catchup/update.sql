\set id random(1, 200000)
update bench.stock set quantity = quantity - 1, value = value - 0.5, modified = clock_timestamp() where id = :id;
