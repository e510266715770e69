#include "smoke/query.h"

static bool begin(struct pg *pg, const struct probe *p, const char *how, const char *path, struct err *err)
{
    return pg_execf(pg, err, "begin%s; set local statement_timeout = %d; set local search_path = %s", how,
                    p->timeout_ms, path);
}

/* --- read --- */

static bool judge(const struct probe *p, const PGresult *r, struct buf *said, struct err *err)
{
    int n = PQntuples(r);
    buf_printf(said, "%d rows", n);
    switch (p->expect) {
    case PROBE_ROWS:
        return n > 0 || err_set(err, ERR_SMOKE, "there is no row");
    case PROBE_NO_ROWS:
        return n == 0 || err_set(err, ERR_SMOKE, "there are %d rows, and there should be none; the first is %s", n,
                                 pg_text(r, 0, 0));
    case PROBE_VALUE:
        return (n == 1 && PQnfields(r) == 1 && strcmp(pg_text(r, 0, 0), p->value) == 0) ||
               err_set(err, ERR_SMOKE, "the value is %s%s, not %s", n ? pg_text(r, 0, 0) : "not there",
                       n > 1 ? " and more rows" : "", p->value);
    }
    abort();
}

bool query_read(struct pg *pg, const struct probe *p, const char *path, struct buf *said, struct err *err)
{
    SCOPED_RESULT r = NULL;
    bool ok = begin(pg, p, " read only", path, err) && pg_query(pg, p->sql, PG_NONE, &r, err);
    pg_rollback(pg);
    return ok && judge(p, r, said, err);
}

/* --- write --- */

static bool look(struct pg *pg, const struct probe *p, bool expected, const char *when, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, p->sql, PG_NONE, &r, err))
        return err_wrap(err, "looking for what was written, %s", when);
    if ((PQntuples(r) > 0) == expected)
        return true;
    return err_set(err, ERR_SMOKE, expected ? "%s there is no row of what was written" : "%s there is such a row",
                   when);
}

static bool look_outside(struct pg *pg, const struct probe *p, const char *when, struct err *err)
{
    bool ok = begin(pg, p, " read only", "pg_catalog", err) && look(pg, p, false, when, err);
    pg_rollback(pg);
    return ok;
}

static bool write_inside(struct pg *pg, const struct probe *p, struct err *err)
{
    if (!begin(pg, p, "", "pg_catalog", err))
        return false;
    for (size_t i = 0; i < p->n_statements; i++)
        if (!pg_run(pg, p->statements[i], PG_NONE, NULL, err))
            return false;
    return look(pg, p, true, "inside of the transaction", err);
}

bool query_write(struct pg *pg, const struct probe *p, struct buf *said, struct err *err)
{
    if (!look_outside(pg, p, "before anything is written", err))
        return false;
    bool ok = write_inside(pg, p, err);
    pg_rollback(pg);
    if (!ok || !look_outside(pg, p, "after the rollback", err))
        return false;
    buf_printf(said, "%zu statements, seen inside and gone after the rollback", p->n_statements);
    return true;
}
