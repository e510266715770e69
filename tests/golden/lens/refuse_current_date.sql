-- key: id
select a.id, current_date as today from old.a a
-- gives
refused: the current date, time or user; use a setting of the package (:name)
