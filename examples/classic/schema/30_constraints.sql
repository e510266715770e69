alter table hq.member add foreign key (library) references hq.library (id);
alter table hq.loan add foreign key (library, member) references hq.member (library, id);
