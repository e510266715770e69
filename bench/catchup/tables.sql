-- What four writers change one row at a time: stock that is updated all over, documents that are added and closed.
create schema bench;
create table bench.stock (
    id bigint primary key, item varchar(20) not null, site int not null, quantity numeric(32,16) not null,
    value numeric(32,16) not null, note varchar(60) not null, modified timestamp not null);
create table bench.document (
    id bigint primary key, item varchar(20) not null, amount numeric(32,16) not null, text varchar(60) not null,
    closed int not null, at timestamptz not null);
create table bench.marker (id bigint primary key);
create sequence bench.document_id;

insert into bench.stock
select n, 'item' || n % 5000, n % 50, n % 100, n * 0.01, md5(n::text), '2020-01-01'::timestamp + n * interval '1 second'
from   generate_series(1, 200000) n;
create index stock_item_ix on bench.stock (item, site);
create index document_item_ix on bench.document (item, at);
vacuum analyze bench.stock;
