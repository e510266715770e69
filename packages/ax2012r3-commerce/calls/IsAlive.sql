-- title: answers
-- why: tills ask whether headquarters is there
-- effect: read
-- returns: nothing
select 1
