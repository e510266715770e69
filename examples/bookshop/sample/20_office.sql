-- What the office keeps: customers, books, magazines, and the faxes nobody reads.

-- One customer in twenty is a company: a name without a comma.
insert into shop.customer
select n,
       case when workload.r(n, 2) % 20 = 0 then workload.last_name(n) || ' & Co.'
            else workload.last_name(workload.r(n, 3)) || ', ' || workload.first_name(workload.r(n, 4)) end,
       case when workload.r(n, 5) % 4 > 0 then 'reader' || n || '@example.org' end,
       case when workload.r(n, 6) % 9 = 0 then '+49 30 ' || 100000 + n end,
       date '2008-01-01' + (workload.r(n, 7) % 6000)::int
from   generate_series(1, workload.customers()) n;

-- One price in ten has more than two decimals.
insert into shop.book
select workload.isbn(n),
       (array['The Art of', 'A History of', 'All About', 'Beyond', 'Under'])[workload.r(n, 8) % 5 + 1] || ' '
           || (array['Cartography', 'Bread', 'the Sea', 'Clocks', 'Glass', 'Winter'])[workload.r(n, 9) % 6 + 1] || ' ' || n,
       workload.first_name(workload.r(n, 10)) || ' ' || workload.last_name(workload.r(n, 11)),
       workload.price(n) + case when n % 10 = 0 then 0.0049 else 0 end,
       (array['A', 'A', 'A', 'A', 'O', 'S'])[workload.r(n, 12) % 6 + 1]
from   generate_series(1, workload.books()) n;

insert into shop.magazine
select workload.issn(n), 'Monthly ' || n, 1 + workload.r(n, 13) % 400, workload.price(-n)
from   generate_series(1, workload.magazines()) n;

insert into shop.fax
select n, timestamp '2009-03-02 09:00' + n * interval '7 hours', decode(repeat(md5(n || '/' || :seed), 20), 'hex')
from   generate_series(1, greatest(20, round(2000 * :scale))::int) n;
