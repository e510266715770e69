-- key: id
select a.id from old.a a for update
-- gives
refused: FOR UPDATE or FOR SHARE; leave it out
