-- key: id
select a.id from old.a a except select b.id from old.b b
-- gives
refused: EXCEPT; write it with EXISTS or NOT EXISTS
