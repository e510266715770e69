-- Two years of sales with one to three lines each; a sale is the sum of its lines.

insert into shop.sale_line
select x.sale, x.line,
       case when not x.is_magazine then workload.isbn(x.n) end,
       case when x.is_magazine then workload.issn(x.n) end,
       x.copies,
       x.copies * workload.price(case when x.is_magazine then -x.n else x.n end)
from  (select s as sale, l as line, workload.r(s * 4 + l, 20) % 5 = 0 as is_magazine,
              1 + workload.r(s * 4 + l, 21) % case when workload.r(s * 4 + l, 20) % 5 = 0 then workload.magazines() else workload.books() end as n,
              (1 + workload.r(s * 4 + l, 22) % 20 / 18)::int as copies
       from   generate_series(1, workload.sales()) s
       cross  join lateral generate_series(1, (1 + workload.r(s, 23) % 3)::int) l) x;

insert into shop.sale
select l.sale,
       (1 + workload.r(l.sale, 24) % 5)::int,
       case when workload.r(l.sale, 25) % 3 = 0 then (1 + workload.r(l.sale, 26) % workload.customers())::int end,
       timestamp '2023-01-02 09:00' + make_interval(secs => (l.sale * 62208000 / workload.sales())::int),
       (array['C', 'K', 'K', 'V'])[workload.r(l.sale, 27) % 4 + 1],
       sum(l.amount)
from   shop.sale_line l
group  by l.sale
order  by l.sale;
