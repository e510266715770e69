-- key: id
select id, amount from old.document
