-- The calls of each store, as `carryover store simulate --calls` takes them: stock, balances, a card that is locked and then
-- paid with, and one that does nothing; each store begins at another place. Every :signs-th store also signs its worker in
-- (0: none). Stores that are told apart by nothing else look for different items.
with store as (
    select i, 'B' || lpad(i::text, 5, '0') as name, 7000000000000 + i as id from generate_series(1, :stores) i
), item as (
    select itemid, row_number() over (order by itemid) as n, count(*) over () as all_items
    from   (select distinct itemid from hq.inventsum where dataareaid = 'usmf') x
), call as (
    select s.name, s.i, c.n, c.method, c.parameters, c.keyed
    from   store s
    join   item on item.n = 1 + s.i % item.all_items
    cross  join lateral (values
        (0, 'InventoryLookup', jsonb_build_object('itemId', item.itemid), false),
        (1, 'GetGiftCardBalance', jsonb_build_object('giftCardId', s.name), false),
        (2, 'InventoryLookup', jsonb_build_object('itemId', item.itemid), false),
        (3, 'LockGiftCard', jsonb_build_object('giftCardId', s.name, 'channelId', s.id, 'terminalId', s.name), false),
        (4, 'PayGiftCard', jsonb_build_object('giftCardId', s.name, 'amount', '0.01', 'currencyCode', 'USD', 'channelId', s.id,
            'terminalId', s.name, 'staffId', s.name, 'transactionId', 'T1', 'receiptId', 'R1'), true),
        (5, 'InventoryLookup', jsonb_build_object('itemId', item.itemid), false),
        (6, 'GetGiftCardBalance', jsonb_build_object('giftCardId', s.name), false),
        (7, 'IsAlive', '{}'::jsonb, false),
        (8, 'StaffLogOn', jsonb_build_object('staffId', s.name, 'terminalId', s.name, 'password', :'password'), false)
    ) c(n, method, parameters, keyed)
    where  c.n < 8 or :signs > 0 and s.i % greatest(:signs, 1) = 0
)
select jsonb_build_object('store', name, 'method', method, 'parameters', parameters, 'key', keyed)
from   call
order  by name, case when n in (3, 4) then (3 + i) % 8 * 2 + n - 3 else (n + i) % 8 * 2 end, n;
