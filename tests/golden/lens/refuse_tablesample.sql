-- key: id
select a.id from old.a a tablesample system (10)
-- gives
refused: TABLESAMPLE; read the whole table
