-- Sales made in Papyrus 2 go on numbering behind those that came with the upgrade.
create sequence if not exists hq.sale_number;
select setval('hq.sale_number', greatest((select last_value from hq.sale_number), (select max(id) from hq.sale)));
