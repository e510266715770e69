\set id random(1, 100)
update bench.stock set quantity = quantity - 1, modified = clock_timestamp() where id = :id;
