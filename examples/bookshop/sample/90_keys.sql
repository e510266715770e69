alter table shop.customer add primary key (id);
alter table shop.book add primary key (isbn);
alter table shop.magazine add primary key (issn);
alter table shop.sale add primary key (id);
create index sale_customer_ix on shop.sale (customer);
alter table shop.sale_line add primary key (sale, line);
alter table shop.fax add primary key (id);
