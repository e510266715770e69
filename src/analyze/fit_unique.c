#include "analyze/fit_internal.h"

#define DUPLICATES_SHOWN 5

/* The columns come straight from one table of the source; `*ret_numbers` are theirs there: "{1,4}". */
static bool comes_straight(const struct rule_call *c, const struct fit_unique *u, const PGresult *described,
                           Oid *ret_table, char **ret_numbers)
{
    SCOPED_BUF b = {0};
    *ret_table = 0;
    for (size_t i = 0; i < u->n; i++) {
        int field = PQfnumber(described, pg_ident(c->a, u->columns[i]));
        if (field < 0 || !PQftable(described, field) || (*ret_table && PQftable(described, field) != *ret_table))
            return false;
        *ret_table = PQftable(described, field);
        buf_printf(&b, "%s%d", i ? "," : "{", PQftablecol(described, field));
    }
    buf_putc(&b, '}');
    *ret_numbers = arena_dup(c->a, b.p);
    return *ret_table != 0;
}

static bool is_unique_there(const struct rule_call *c, Oid table, const char *numbers, bool *ret, struct err *err)
{
    int64_t n = 0;
    char oid[16];
    snprintf(oid, sizeof oid, "%u", table);
    bool ok = pg_value_i64(c->pg,
                           "select count(*) from pg_index i where i.indrelid = $1::oid and i.indisunique"
                           " and i.indisvalid and i.indpred is null and i.indexprs is null"
                           " and i.indkey::int2[] <@ $2::int2[]",
                           PG_ARGS(oid, numbers), &n, err);
    *ret = n > 0;
    return ok;
}

static char *duplicates_sql(struct arena *a, const struct fit_lens *l, const struct fit_unique *u)
{
    SCOPED_BUF columns = {0};
    for (size_t i = 0; i < u->n; i++)
        buf_printf(&columns, "%sx.%s", i ? ", " : "", pg_ident(a, u->columns[i]));
    return arena_printf(
        a,
        "select concat_ws(', ', %s), count(*), count(*) over (), (sum(count(*)) over ())::bigint"
        " from (%s) x where (%s) is not null group by %s having count(*) > 1 order by 2 desc, 1 limit %d",
        columns.p, l->sql, columns.p, columns.p, DUPLICATES_SHOWN);
}

static void add_duplicates(const struct rule_call *c, const struct fit_lens *l, const struct fit_unique *u, PGresult *r,
                           struct analyze_finding *f)
{
    SCOPED_BUF names = {0};
    for (size_t i = 0; i < u->n; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", u->columns[i]);
    for (int i = 0; i < PQntuples(r); i++)
        rule_add_row(c, f, arena_printf(c->a, "%s (%s)", l->table, names.p),
                     arena_printf(c->a, "%s rows have %.120s", pg_text(r, i, 1), pg_text(r, i, 0)), 0);
    f->total += pg_i64(r, 0, 2) - PQntuples(r);
    f->affected += pg_i64(r, 0, 3);
}

static bool check_unique(const struct rule_call *c, const struct fit_lens *l, const struct fit_unique *u,
                         const PGresult *described, struct analyze_finding *f, struct err *err)
{
    Oid table = 0;
    char *numbers = NULL;
    bool there = false;
    struct err why = {0};
    SCOPED_RESULT r = NULL;
    if (!comes_straight(c, u, described, &table, &numbers))
        return true;
    if (!is_unique_there(c, table, numbers, &there, err))
        return false;
    if (there)
        return true;
    if (!pg_query(c->pg, duplicates_sql(c->a, l, u), PG_NONE, &r, &why))
        return rule_failed(c, &why, l->path, f, err);
    if (PQntuples(r))
        add_duplicates(c, l, u, r, f);
    return true;
}

static bool check_uniques(const struct rule_call *c, const struct fit_lens *l, struct analyze_finding *f,
                          struct err *err)
{
    SCOPED_RESULT described = NULL;
    bool has_time = false;
    if (!l->sql || l->n_uniques == 0)
        return true;
    if (!fit_describe(c, l, &described, f, err))
        return false;
    if (!described)
        return true;
    for (size_t i = 0; i < l->n_uniques; i++) {
        if (!rule_has_time(c, f, &has_time, err))
            return false;
        if (has_time && !check_unique(c, l, &l->uniques[i], described, f, err))
            return false;
    }
    return true;
}

bool fit_uniques(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f, struct err *err)
{
    fit_note(c, lenses, f);
    for (size_t i = 0; i < lenses->n; i++)
        if (!check_uniques(c, &lenses->p[i], f, err))
            return false;
    return true;
}
