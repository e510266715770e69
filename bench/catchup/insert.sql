\set item random(1, 5000)
insert into bench.document values (nextval('bench.document_id'), 'item' || :item, :item * 0.25, md5(:item::text), 0, clock_timestamp());
