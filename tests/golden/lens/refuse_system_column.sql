-- key: id
select a.id, a.ctid as place from old.a a
-- gives
refused: a system column; use a column of the table
