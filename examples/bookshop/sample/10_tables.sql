-- Papyrus 1, and helpers of the generator. Every value is a function of the row's number and :seed, so that the same
-- scale and seed give the same rows.

create schema shop;

create table shop.customer (
    id    int         not null,
    name  varchar(80) not null,
    email varchar(120),
    fax   varchar(20),
    since date        not null
);

create table shop.book (
    isbn   varchar(13)   not null,
    title  varchar(120)  not null,
    author varchar(80)   not null,
    price  numeric(12,4) not null,
    status char(1)       not null
);

create table shop.magazine (
    issn  varchar(9)    not null,
    title varchar(120)  not null,
    issue int           not null,
    price numeric(12,4) not null
);

create table shop.sale (
    id       bigint        not null,
    branch   int           not null,
    customer int,
    sold_at  timestamp     not null,
    payment  char(1)       not null,
    total    numeric(12,4) not null
);

create table shop.sale_line (
    sale   bigint        not null,
    line   int           not null,
    isbn   varchar(13),
    issn   varchar(9),
    copies int           not null,
    amount numeric(12,4) not null
);

create table shop.fax (
    id       int       not null,
    sent_at  timestamp not null,
    document bytea     not null
);

create schema workload;

-- A number from 0, different for each salt.
create function workload.r(n bigint, salt int) returns bigint language sql immutable parallel safe
return hashint8extended(n, (:seed)::bigint * 1000003 + salt) & 9223372036854775807;

create function workload.customers() returns int language sql immutable parallel safe return greatest(50, round(15000 * :scale))::int;
create function workload.books() returns int language sql immutable parallel safe return greatest(50, round(6000 * :scale))::int;
create function workload.magazines() returns int language sql immutable parallel safe return greatest(5, round(300 * :scale))::int;
create function workload.sales() returns bigint language sql immutable parallel safe return greatest(200, round(340000 * :scale))::bigint;

create function workload.isbn(n bigint) returns text language sql immutable parallel safe return '978' || lpad(n::text, 10, '0');
create function workload.issn(n bigint) returns text language sql immutable parallel safe
return lpad((n / 10000)::text, 4, '0') || '-' || lpad((n % 10000)::text, 4, '0');
create function workload.price(n bigint) returns numeric language sql immutable parallel safe
return (399 + workload.r(n, 1) % 4000) * 0.01;
create function workload.last_name(n bigint) returns text language sql immutable parallel safe
return (array['Ahmed', 'Bäcker', 'Costa', 'Dvořák', 'Evans', 'Ferrari', 'García', 'Ivanova', 'Jansen', 'O''Neil', 'van der Berg', '山田'])[n % 12 + 1];
create function workload.first_name(n bigint) returns text language sql immutable parallel safe
return (array['Ada', 'Björn', 'Carla', 'Dan', 'Eva', 'Farid', 'Greta', 'Hiro', 'Jo Ann'])[n % 9 + 1];
