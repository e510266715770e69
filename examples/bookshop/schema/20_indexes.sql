-- The primary key of a table is the key of its lens.

alter table hq.customer add primary key (id);
create index customer_name_ix on hq.customer (last_name, first_name);

alter table hq.product add primary key (code);

alter table hq.sale add primary key (id);
create index sale_branch_ix on hq.sale (branch, sold_at);

alter table hq.sale_line add primary key (sale, line);
create index sale_line_product_ix on hq.sale_line (product);

alter table hq.monthly_sales add primary key (product, month);
