-- What this shop has sold, per day: all days that have sales in this upload.
select 'shop' as terminal, date(sold_at) as day, count(*) as transactions, money(sum(cents(total))) as gross
from   sale
where  counter <= :to_sale
and    date(sold_at) in (select date(sold_at) from sale where counter > :after_sale and counter <= :to_sale)
group  by date(sold_at)
order  by date(sold_at)
