#include "n1/bind.h"
#include "base/vec.h"
#include "conf/sqltext.h"

typedef VEC(const char *) names;

static bool put_token(struct sqltext_token t, const struct package_file *f, const struct params *known, names *used,
                      struct buf *sql, struct err *err)
{
    const struct param *p = t.kind == SQLTEXT_SETTING ? param_find(known, t.name) : NULL;
    if (t.kind != SQLTEXT_SETTING && t.kind != SQLTEXT_SETTING_QUOTED) {
        buf_put(sql, t.text.p, t.text.n);
        return true;
    }
    if (!p)
        return err_set(err, ERR_PACKAGE, "%s: '%.*s' is neither a parameter nor a setting", f->path, STR_ARG(t.text));
    *vec_push(used) = p->name;
    buf_printf(sql, "$%zu::%s", used->n, param_sql_type(p->type));
    return true;
}

bool bind_make(const struct package_file *f, const struct params *known, struct arena *a, struct bind *ret,
               struct err *err)
{
    struct str rest = str_of(f->body);
    SCOPED_BUF sql = {0};
    names used = {0};
    bool ok = true;
    for (struct sqltext_token t = sqltext_next(&rest); ok && t.kind != SQLTEXT_END; t = sqltext_next(&rest))
        ok = put_token(t, f, known, &used, &sql, err);
    *ret = (struct bind){.sql = arena_dup_str(a, buf_str(&sql)), .n = used.n};
    ret->names = arena_new_array(a, const char *, used.n + 1);
    for (size_t i = 0; i < used.n; i++)
        ret->names[i] = used.p[i];
    vec_done(&used);
    return ok;
}

struct pg_args bind_args(const struct bind *b, const struct map *values, struct arena *a)
{
    const char **list = arena_new_array(a, const char *, b->n + 1);
    for (size_t i = 0; i < b->n; i++)
        list[i] = map_get(values, str_of(b->names[i]));
    return (struct pg_args){(int)b->n, list};
}

bool bind_try(const struct bind *b, struct pg *pg, struct err *err)
{
    if (!b->sql)
        return true;
    PGresult *r = PQprepare(pg_raw(pg), "", b->sql, 0, NULL);
    bool prepared = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!prepared) {
        pg_fail(pg, r, b->sql, err);
        err->code = ERR_PACKAGE;
    }
    PQclear(r);
    return prepared;
}
