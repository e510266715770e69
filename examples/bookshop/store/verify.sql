select id, 'shop' as terminal, date(sold_at) as day, cents(total) as gross, cents(total) as paid from sale
