\set back random(1, 5000)
update bench.document set closed = 1 where id = (select last_value from bench.document_id) - :back;
