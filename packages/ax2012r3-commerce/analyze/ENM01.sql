-- id: ENM01
-- section: data
-- severity: warning
-- title: roles of cases with a value that has another meaning in version N
-- why: the value 9 was Web and deprecated; version N uses the number again for something else
-- fix: change the role of these rows in version N-1
-- tables: casecategoryrole
select 'casecategoryrole.' || v.name as subject, count(*) || ' rows have 9' as detail, 0::bigint as bytes, count(*) as rows
from   casecategoryrole t
cross  join lateral jsonb_each_text(to_jsonb(t)) v(name, value)
where  v.name ~ '(role|type)$' and v.value = '9'
group  by v.name
order  by 1
