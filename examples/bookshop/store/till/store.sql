-- The id of a shop is the number of its branch.
select cast(:store_id as integer) as branch where cast(:store_id as integer) > 0
