-- key: id
select z.id from other.z z
-- gives
refused: other.z is no table that a lens can read
