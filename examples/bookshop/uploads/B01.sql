-- title: The lines of a sale add up to its total
-- why: What a customer has paid is the total; what a book has earned are the lines.
select s.id,
       'the total is ' || s.total || ', the lines are ' || coalesce(l.amount, 0) as reason
from   uploaded u
join   hq.sale s on s.id = u.id
cross  join lateral (select sum(amount) as amount from hq.sale_line where sale = s.id) l
where  abs(s.total - coalesce(l.amount, 0)) > :money_tolerance
