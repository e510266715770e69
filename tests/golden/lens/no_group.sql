-- key: one
select 1 as one, count(*) as n from old.a a
