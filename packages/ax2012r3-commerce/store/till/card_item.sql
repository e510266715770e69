-- A gift card as a line: no tax, its number is the comment.
select 'GIFTCARD' as item, 'ea' as unit, 'EXEMPT' as item_tax_group, '' as tax_code, '' as barcode, 0 as tax_rate
