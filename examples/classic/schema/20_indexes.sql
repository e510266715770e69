alter table hq.book add primary key (isbn);
alter table hq.library add primary key (id);
alter table hq.member add primary key (library, id);
create unique index member_email_ix on hq.member (library, email);
alter table hq.loan add primary key (library, id);
create index loan_member_ix on hq.loan (library, member);
