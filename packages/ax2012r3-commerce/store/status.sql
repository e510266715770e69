-- What is open, for `carryover store status`; where `holds` is 1 the store has something under way as long as there is any.
select 'open shifts' as what, count(*) as n, 1 as holds from RETAILSHIFTSTAGINGTABLE
union  all
select 'closed shifts', count(*), 0 from RETAILPOSBATCHTABLE
union  all
select 'suspended transactions', count(*), 1 from SALESTRANSACTION
