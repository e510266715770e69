alter table hq.product add constraint product_kind check (kind in ('book', 'magazine'));
alter table hq.sale add constraint sale_payment check (payment in ('cash', 'card', 'voucher'));
