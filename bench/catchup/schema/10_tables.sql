create table hq.stock (id bigint not null, quantity numeric not null);
create table hq.document (id bigint not null, amount numeric not null);
