-- The till database of a shop that runs Papyrus 1. Whole numbers are INTEGER, everything else is kept as text, exactly as it came.

create table customer (
    id    int          not null,
    name  varchar(80)  not null,
    email varchar(120),
    fax   varchar(20),
    since date text    not null,
    primary key (id)
);

create table book (
    isbn   varchar(13)         not null,
    title  varchar(120)        not null,
    author varchar(80)         not null,
    price  numeric text(12,4)  not null,
    status varchar(1)          not null,
    primary key (isbn)
);

create table magazine (
    issn  varchar(9)          not null,
    title varchar(120)        not null,
    issue int                 not null,
    price numeric text(12,4)  not null,
    primary key (issn)
);

-- What the tills write. `counter` is filled by carryover: see carryover_upload below.
create table sale (
    id       bigint              not null,
    branch   int                 not null,
    customer int,
    sold_at  timestamp text      not null,
    payment  varchar(1)          not null,
    total    numeric text(12,4)  not null,
    counter  bigint              not null default 0,
    primary key (id)
);

create table sale_line (
    sale    bigint              not null,
    line    int                 not null,
    isbn    varchar(13),
    issn    varchar(9),
    copies  int                 not null,
    amount  numeric text(12,4)  not null,
    counter bigint              not null default 0,
    primary key (sale, line)
);

insert into carryover_upload (position, job, name, counter) values
    (1, 'sales', 'sale', 'counter'),
    (2, 'sales', 'sale_line', 'counter');
