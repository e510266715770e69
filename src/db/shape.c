#include "db/shape.h"

static const char sql[] =
    "with part as ("
    " select c.oid, c.relname::text as name, 1 as kind, a.attnum::text as place,"
    "        format('%s %s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    "               coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attcollation::regcollation) as text"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    " left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum"
    " where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p', 'v', 'm')"
    " union all"
    " select c.oid, c.relname, 2, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)"
    " from pg_class c join pg_index i on i.indrelid = c.oid where c.relnamespace = to_regnamespace($1)"
    " union all"
    " select c.oid, c.relname, 3, k.conname, pg_get_constraintdef(k.oid)"
    " from pg_class c join pg_constraint k on k.conrelid = c.oid where c.relnamespace = to_regnamespace($1)"
    " union all"
    " select c.oid, c.relname, 4, '', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) else c.relkind::text"
    " end from pg_class c where c.relnamespace = to_regnamespace($1) and c.relkind in ('v', 'm', 'S')"
    " union all"
    " select p.oid, p.oid::regprocedure::text, 5, '', pg_get_functiondef(p.oid)"
    " from pg_proc p where p.pronamespace = to_regnamespace($1) and p.prokind in ('f', 'p'))"
    " select $1 || '.' || name, md5(string_agg(kind || ' ' || place || ' ' || text, E'\\n' order by kind, place))"
    " from part where not exists (select from pg_depend x where x.objid = part.oid and x.deptype = 'e')"
    " group by oid, name order by 1";

bool shape_read(struct pg *pg, const char *schema, struct arena *a, struct shape_object **ret, size_t *ret_n,
                struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, PG_ARGS(schema), &r, err))
        return err_wrap(err, "reading the objects of the schema %s", schema);
    *ret_n = (size_t)PQntuples(r);
    *ret = arena_new_array(a, struct shape_object, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct shape_object){arena_dup(a, pg_text(r, (int)i, 0)), arena_dup(a, pg_text(r, (int)i, 1))};
    return true;
}
