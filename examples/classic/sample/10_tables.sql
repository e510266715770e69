-- Shelf 1. Every value is a function of the row's number and :seed.
create schema shelf;
create schema workload;

create function workload.r(n bigint, salt int) returns bigint language sql immutable parallel safe
return hashint8extended(n, (:seed)::bigint * 1000003 + salt) & 9223372036854775807;

create table shelf.library (id text not null, name varchar(60) not null);
insert into shelf.library values ('north', 'North'), ('south', 'South');

create table shelf.book (isbn varchar(13) not null, title varchar(120) not null, price numeric(12,4) not null);
insert into shelf.book
select '978' || lpad(n::text, 10, '0'), 'Book ' || n, 5 + workload.r(n, 1) % 40 + 0.1234
from   generate_series(1, greatest(100, (2000 * :scale)::int)) n;

create table shelf.member (
    library text         not null,
    id      int          not null,
    name    varchar(60)  not null,
    email   varchar(120) not null,
    shelf   varchar(8)
);
-- Every tenth has registered twice.
insert into shelf.member
select l.id, n, 'Member ' || n, case when n % 10 = 0 then 'M' || (n - 1) else 'm' || n end || '@' || l.id || '.example', 'A'
from   shelf.library l, generate_series(1, greatest(200, (10000 * :scale)::int)) n;

create table shelf.loan (
    library text          not null,
    id      bigint        not null,
    member  int           not null,
    book    varchar(13)   not null,
    due     date          not null,
    fine    numeric(12,4) not null
);
insert into shelf.loan
select l.id, n, 1 + workload.r(n, 2) % greatest(200, (10000 * :scale)::int),
       '978' || lpad((1 + workload.r(n, 3) % greatest(100, (2000 * :scale)::int))::text, 10, '0'),
       date '2024-01-01' + (workload.r(n, 4) % 500)::int, case when workload.r(n, 5) % 4 = 0 then 0.5 else 0 end
from   shelf.library l, generate_series(1, greatest(1000, (100000 * :scale)::int)) n;
