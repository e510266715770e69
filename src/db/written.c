#include "db/written.h"
#include "base/clock.h"

#define SETTLE_MS 300 /* until sessions that have ended have added to the server's counters */

#define COUNTED " from pg_stat_user_tables s where s.schemaname <> 'carryover' and s.schemaname !~ '^carryover_'"
#define ROWS "s.n_tup_ins + s.n_tup_upd + s.n_tup_del"

/* The server counts for a session when that ends, or a second after it did something. */
static bool settle(struct pg *pg, struct err *err)
{
    clock_sleep_ms(SETTLE_MS);
    return pg_version(pg) < 150000 ? pg_exec(pg, "select pg_sleep(1.2), pg_stat_clear_snapshot()", err)
                                   : pg_exec(pg, "select pg_stat_force_next_flush()", err);
}

bool written_note(struct pg *pg, const char *baseline, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *table = pg_qualified(a, "carryover", baseline);
    return (settle(pg, err) && pg_execf(pg, err,
                                        "drop table if exists %s; create table %s as select s.relid, " ROWS
                                        " as rows, s.n_tup_ins as inserted" COUNTED,
                                        table, table)) ||
           err_wrap(err, "noting how much was written so far");
}

static void take(const PGresult *r, struct arena *a, struct written *ret)
{
    ret->p = arena_new_array(a, struct written_table, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        int64_t rows = pg_i64(r, i, 2);
        ret->known &= rows >= 0;
        if (rows <= 0)
            continue;
        ret->p[ret->n++] = (struct written_table){arena_dup(a, pg_text(r, i, 0)), arena_dup(a, pg_text(r, i, 1)), rows,
                                                  pg_i64(r, i, 3)};
        ret->rows += rows;
    }
}

bool written_since(struct pg *pg, const char *baseline, struct arena *a, struct written *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    int64_t there = 0;
    const char *table = pg_qualified(a, "carryover", baseline);
    *ret = (struct written){0};
    if (!pg_value_i64(pg, "select (to_regclass($1) is not null)::int", PG_ARGS(table), &there, err))
        return false;
    if (!there)
        return true;
    const char *sql = arena_printf(a,
                                   "with now as (select s.relid, s.schemaname, s.relname, " ROWS
                                   " as rows, s.n_tup_ins as inserted" COUNTED ")"
                                   " select coalesce(n.schemaname, ''), coalesce(n.relname, 'a table that is gone'),"
                                   "  coalesce(n.rows, 0) - coalesce(b.rows, 0) as d, coalesce(n.inserted, 0) - "
                                   "coalesce(b.inserted, 0) from now n full join %s b using "
                                   "(relid) order by d desc, 1, 2",
                                   table);
    if (!settle(pg, err) || !pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "counting what was written since");
    ret->known = true;
    take(r, a, ret);
    return true;
}
