-- monthly_sales is looked up by product; Papyrus 1 has no index for that.
create index sale_line_product_ix on old.sale_line (coalesce(isbn, issn));
