#include "source/drift.h"

static void add(struct drifts *l, enum drift_kind kind, const char *table, const char *what)
{
    l->p[l->n++] = (struct drift){kind, table, what};
}

static void compare(struct drifts *l, const char *name, const char *before, const struct table *t, struct arena *a)
{
    SCOPED_BUF shape = {0}, change = {0};
    if (!t) {
        add(l, DRIFT_GONE, name, "is gone from the source");
        return;
    }
    table_put_shape(&shape, t);
    if (strcmp(shape.p, before) == 0)
        return;
    table_put_shape_change(&change, str_of(before), buf_str(&shape));
    add(l, DRIFT_CHANGED, t->label, arena_printf(a, "changed on the source: %s", buf_text(&change)));
}

static bool is_planned(const PGresult *r, const struct table *t)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (strcmp(pg_text(r, i, 0), t->schema) == 0 && strcmp(pg_text(r, i, 1), t->name) == 0)
            return true;
    return false;
}

bool drift_find(struct pg *target, const struct table_list *now, struct arena *a, struct drifts *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select source_schema, source_name, shape from carryover.relation order by rel";
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return err_wrap(err, "reading the plan of the replication");
    *ret = (struct drifts){.p = arena_new_array(a, struct drift, (size_t)PQntuples(r) + now->n + 1)};
    for (int i = 0; i < PQntuples(r); i++)
        compare(ret, arena_dup(a, pg_text(r, i, 1)), pg_text(r, i, 2),
                table_find(now, pg_text(r, i, 0), pg_text(r, i, 1)), a);
    for (size_t i = 0; PQntuples(r) && i < now->n; i++)
        if (!is_planned(r, &now->p[i]))
            add(ret, DRIFT_NEW, now->p[i].label, "came to the source after replication began; it is not replicated");
    return true;
}

const struct drift *drift_of(const struct drifts *l, const char *table)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].table, table) == 0)
            return &l->p[i];
    return NULL;
}

bool drift_refuse(const struct drifts *l, struct err *err)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i].kind != DRIFT_NEW)
            return err_set(err, ERR_SOURCE_DDL, "the table %s %s", l->p[i].table, l->p[i].what);
    return true;
}
