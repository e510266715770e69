-- key: id
select a.id from old.a a join old.b b using (id)
-- gives
refused: JOIN ... USING; write the condition with ON
