-- id: NUM01
-- section: data
-- severity: info
-- title: decimals that version N does not store
-- why: version N keeps 6 of 16 decimals; the rest is rounded half away from zero
-- fix: nothing, if the largest loss is below what your accountants round to
-- threshold: sample_mb 2000
select t.relname || '.' || x.c as subject, x.n || ' values' || case when t.percent < 100 then ' in a sample of ' || round(t.percent, 2) || ' %' else '' end || ', largest loss ' || x.loss as detail, 0::bigint as bytes
from   (select c.relname, least(100, 100.0 * :'sample_mb'::numeric * 1048576 / greatest(pg_relation_size(c.oid), 1)) as percent,
               string_agg(format('(%L, %I)', a.attname, a.attname), ', ' order by a.attnum) as list
        from   pg_class c
        join   pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'numeric'::regtype
               and (a.atttypmod < 0 or ((a.atttypmod - 4) & 65535) > 6)
        where  c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        group  by c.oid, c.relname) t
cross  join lateral xmltable('/table/row' passing query_to_xml(
               format('select v.c, count(*) as n, max(abs(v.x - round(v.x, 6))) as loss from %I.%I tablesample system (%s) cross join lateral (values %s) v(c, x) where v.x <> round(v.x, 6) group by v.c order by v.c',
                      current_schema(), t.relname, t.percent, t.list), false, false, '')
               columns c text, n bigint, loss numeric) x
order  by subject
