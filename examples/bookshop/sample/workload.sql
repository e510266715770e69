-- A day in the shops: sales and returns, a cancelled sale, new prices, customers who marry, books that get their number.
-- Every law holds at every commit.

create sequence workload.sale_id;
select setval('workload.sale_id', (select max(id) from shop.sale));

create function workload.number(writer int, step bigint, seed bigint) returns bigint language sql immutable
return hashint8extended(writer * 1000000000000 + step, seed) & 9223372036854775807;

create function workload.sell(h bigint, sign int) returns void language plpgsql as $$
declare
    id   bigint := nextval('workload.sale_id');
    n    bigint;
    paid numeric := 0;
begin
    for line in 1 .. 1 + h % 3 loop
        n := 1 + workload.r(h + line, 30) % workload.books();
        insert into shop.sale_line values (id, line, workload.isbn(n), null, sign, sign * workload.price(n));
        paid := paid + sign * workload.price(n);
    end loop;
    insert into shop.sale values (id, 1 + h % 5, 1 + h % workload.customers(), localtimestamp, 'K', paid);
end $$;

create function workload.cancel(h bigint) returns void language plpgsql as $$
declare
    victim bigint := 1 + h % workload.sales();
begin
    delete from shop.sale where id = victim;
    delete from shop.sale_line where sale = victim;
end $$;

-- A book is announced under a number of its own and gets its real one later: its primary key changes.
create function workload.announce(h bigint) returns void language plpgsql as $$
declare
    announced text := 'NEW' || h % 20;
begin
    update shop.book set isbn = '979' || lpad(nextval('workload.sale_id')::text, 10, '0') where isbn = announced;
    if not found then
        insert into shop.book values (announced, 'Announced ' || h % 1000, 'N. N.', 20, 'S') on conflict do nothing;
    end if;
end $$;

create function workload.begin(writer int, step bigint, seed bigint) returns int language sql as 'select 1';

create function workload.part(writer int, step bigint, seed bigint, part int) returns void language plpgsql as $$
declare
    h    bigint := workload.number(writer, step, seed);
    kind int := h / 64 % 20;
begin
    if kind < 12 then
        perform workload.sell(h, 1);
    elsif kind = 12 then
        perform workload.sell(h, -1);
    elsif kind = 13 then
        perform workload.cancel(h);
    elsif kind < 16 then
        update shop.book set price = price + 0.25 where isbn = workload.isbn(1 + h % workload.books());
    elsif kind = 16 then
        update shop.book set status = case status when 'A' then 'O' else 'A' end where isbn = workload.isbn(1 + h % workload.books());
    elsif kind < 19 then
        update shop.customer set name = workload.last_name(h) || ', ' || split_part(name, ', ', 2)
        where  id = 1 + h % workload.customers() and position(', ' in name) > 0;
    else
        perform workload.announce(h);
    end if;
end $$;

create function workload.finish(writer int, step bigint, seed bigint) returns boolean language sql immutable
return workload.number(writer, step, seed) % 25 <> 0;
