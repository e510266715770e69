-- New loans are numbered behind those that came with the upgrade.
create sequence if not exists hq.loan_number;
select setval('hq.loan_number', (select max(id) from hq.loan));
