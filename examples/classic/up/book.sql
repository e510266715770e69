-- key: isbn
-- rounds: price: four decimals are rounded to 2 decimals
select b.isbn, b.title, round(b.price, 2) as price from old.book b
