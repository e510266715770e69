alter table shelf.library add primary key (id);
alter table shelf.book add primary key (isbn);
alter table shelf.member add primary key (library, id);
alter table shelf.loan add primary key (library, id);
