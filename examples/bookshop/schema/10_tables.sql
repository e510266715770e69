-- Papyrus 2.

create table hq.customer (
    id           int          not null,
    first_name   varchar(80),
    last_name    varchar(80)  not null,
    email        varchar(120),
    member_since date         not null
);

create table hq.product (
    code   varchar(13)   not null,
    kind   varchar(8)    not null,
    title  varchar(120)  not null,
    author varchar(80),
    issue  int,
    price  numeric(10,2) not null,
    status varchar(16)   not null
);

create table hq.sale (
    id          bigint        not null,
    branch      int           not null,
    customer_id int,
    sold_at     timestamp     not null,
    payment     varchar(8)    not null,
    total       numeric(10,2) not null,
    checked     int           not null  -- 0: not yet, 1: nothing is wrong, 2: something is
);

create table hq.sale_line (
    sale    bigint        not null,
    line    int           not null,
    branch  int           not null,
    product varchar(13)   not null,
    copies  int           not null,
    amount  numeric(10,2) not null
);

create table hq.monthly_sales (
    product varchar(13)   not null,
    month   date          not null,
    copies  bigint        not null,
    revenue numeric(12,2) not null
);
