-- id: CLN01
-- section: cleanup
-- severity: info
-- title: customers who have bought nothing for years
-- why: they are carried over, and shops download none of them
-- fix: delete those who became customers before the limit and never bought anything
-- threshold: customer_age_days 1825
-- tables: customer.since, sale.customer
select 'customer' as subject, x.n || ' of ' || x.total || ' customers' as detail,
       (pg_total_relation_size('customer'::regclass) * x.n / x.total)::bigint as bytes, x.n as rows
from   (select count(*) as total,
               count(*) filter (where c.since < current_date - :customer_age_days
                                and not exists (select from sale s where s.customer = c.id)) as n
        from customer c) x
where  x.n > 0

-- fix-script:
delete from customer
where  ctid = any (array(select c.ctid from customer c
                         where c.since < current_date - :customer_age_days
                         and   not exists (select from sale s where s.customer = c.id) limit :chunk));
