-- What is open, for `carryover store status`.
select 'open shifts' as what, count(*) as n from RETAILSHIFTSTAGINGTABLE
union  all
select 'closed shifts', count(*) from RETAILPOSBATCHTABLE
union  all
select 'suspended transactions', count(*) from SALESTRANSACTION
