-- key: id
select z.id from other.z z
