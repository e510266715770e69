-- Shelf 2. Only book has a lens; the other tables are copied, and scripts do the rest.

create table hq.library (
    id   text        not null,
    name varchar(60) not null
);

create table hq.member (
    library text          not null,
    id      int           not null,
    name    varchar(80)   not null,
    email   varchar(120)  not null,
    owes    numeric(12,2) not null default 0,
    tier    varchar(8)    not null default 'basic'
);

create table hq.loan (
    library text         not null,
    id      bigint       not null,
    member  int          not null,
    book    varchar(13)  not null,
    due     date         not null,
    fine    numeric(8,2) not null
);

create table hq.book (
    isbn  varchar(13)   not null,
    title varchar(120)  not null,
    price numeric(10,2) not null
);
