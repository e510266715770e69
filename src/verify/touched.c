#include "verify/touched.h"
#include "base/map.h"
#include "base/name.h"
#include "verify/narrow.h"

#define SLICE_ROWS 5000
#define SLICE_TEXT "5000"
#define LENS_NAME "@verify"

static const char whole_sql[] =
    "create table if not exists carryover.touched_whole (rel_schema text not null, rel_name text not null,"
    " xid xid8 not null default pg_current_xact_id())";

char *touched_log(struct arena *a, const char *table)
{
    return pg_qualified(a, "carryover", name_derived(a, "touched:", table));
}

/* -- making the logs -- */

static void put_log(struct buf *b, const struct table *t, const char *log)
{
    buf_printf(b, "create table if not exists %s as select ", log);
    table_put_key(b, t, "");
    buf_puts(b, ", null::xid8 as xid from ");
    table_put_target(b, t);
    buf_printf(b, " where false; alter table %s alter xid set default pg_current_xact_id(), alter xid set not null;\n",
               log);
}

/* The key columns of the stage are those of the table, each changed row once. */
static void put_insert(struct buf *b, const struct table *t, const char *log, struct arena *a)
{
    buf_printf(b, "insert into %s (", log);
    table_put_key(b, t, "");
    buf_puts(b, ") select ");
    table_put_key(b, t, "");
    buf_puts(b, " from pg_temp.");
    name_put(b, name_derived(a, "changed:", t->label));
}

static void put_tracker(struct buf *b, const struct table *t, struct arena *a)
{
    SCOPED_BUF insert = {0}, whole = {0};
    const char *log = touched_log(a, t->label);
    buf_puts(&whole, "insert into carryover.touched_whole (rel_schema, rel_name) values (");
    pg_put_literal(&whole, t->home);
    buf_puts(&whole, ", ");
    pg_put_literal(&whole, t->label);
    buf_putc(&whole, ')');
    if (t->n_key) {
        put_log(b, t, log);
        put_insert(&insert, t, log, a);
    } else {
        buf_puts(&insert, whole.p);
    }
    buf_puts(b, "insert into carryover.tracker (rel_schema, rel_name, lens, when_to_run, sql, on_truncate) values (");
    pg_put_literal(b, t->home);
    buf_puts(b, ", ");
    pg_put_literal(b, t->name);
    buf_puts(b, ", '" LENS_NAME "', 'before', ");
    pg_put_literal(b, insert.p);
    buf_puts(b, ", ");
    pg_put_literal(b, whole.p);
    buf_puts(b, ");\n");
}

static bool has_tracker(const PGresult *r, const struct table *t)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (strcmp(pg_text(r, i, 0), t->home) == 0 && strcmp(pg_text(r, i, 1), t->name) == 0)
            return true;
    return false;
}

static bool put_missing(struct pg *target, const struct table_list *tables, struct buf *b, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select rel_schema, rel_name from carryover.tracker where lens = '" LENS_NAME "'", PG_NONE,
                  &r, err))
        return false;
    for (size_t i = 0; i < tables->n; i++)
        if (!has_tracker(r, &tables->p[i]))
            put_tracker(b, &tables->p[i], a);
    return true;
}

/* The row of the version is locked by every batch that is being applied: with it in hand none is under way that did not
 * run the new trackers. */
bool touched_install(struct pg *target, const struct table_list *tables, struct err *err)
{
    SCOPED_BUF sql = {0};
    bool ok = pg_begin(target, err) && pg_exec(target, whole_sql, err) &&
              pg_exec(target, "select version from carryover.tracker_version for update", err) &&
              put_missing(target, tables, &sql, err) &&
              (sql.n == 0 || (pg_exec(target, sql.p, err) &&
                              pg_exec(target, "update carryover.tracker_version set version = version + 1", err))) &&
              pg_commit(target, err);
    if (ok)
        return true;
    pg_rollback(target);
    return err_wrap(err, "making the logs of touched rows");
}

/* -- reading them -- */

bool touched_whole(struct pg *pg, const char *schema, const char *xids, struct arena *a, struct map *ret,
                   struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select distinct rel_name from carryover.touched_whole where ($1::text is null or"
                      " rel_schema = $1) and not pg_visible_in_snapshot(xid, $2::pg_snapshot)";
    if (!pg_query(pg, sql, PG_ARGS(schema, xids), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        map_put(ret, str_of(arena_dup(a, pg_text(r, i, 0))))->value = ret;
    return true;
}

static void put_distinct(struct buf *b, const char *log, const char *const *key, size_t n_key, const char *except)
{
    buf_puts(b, "select distinct ");
    for (size_t i = 0; i < n_key; i++) {
        buf_puts(b, i ? ", t." : "t.");
        name_put(b, key[i]);
    }
    buf_printf(b, " from %s t where not pg_visible_in_snapshot(t.xid, $1::pg_snapshot)", log);
    if (except)
        buf_printf(b, " and not (%s)", except);
}

static bool hand_out(const PGresult *r, size_t n_key, touched_fn *fn, void *ctx, struct err *err)
{
    SCOPED(arena) a = arena_new();
    size_t n = (size_t)PQntuples(r);
    const char **keys = arena_new_array(a, const char *, n_key);
    const char **values = arena_new_array(a, const char *, n);
    for (size_t k = 0; k < n_key; k++) {
        SCOPED_BUF array = {0};
        for (size_t i = 0; i < n; i++)
            values[i] = PQgetisnull(r, (int)i, (int)k) ? NULL : pg_text(r, (int)i, (int)k);
        narrow_put_array(&array, values, n);
        keys[k] = arena_dup(a, array.p);
    }
    return fn(ctx, keys, n, err);
}

static bool hand_out_all(struct pg *pg, size_t n_key, touched_fn *fn, void *ctx, struct err *err)
{
    for (bool more = true; more;) {
        SCOPED_RESULT r = NULL;
        if (!pg_query(pg, "fetch " SLICE_TEXT " from touched_keys", PG_NONE, &r, err) ||
            (PQntuples(r) && !hand_out(r, n_key, fn, ctx, err)))
            return false;
        more = PQntuples(r) == SLICE_ROWS;
    }
    return pg_exec(pg, "close touched_keys", err);
}

/* A cursor: after weeks without a proof there may be more keys than memory. */
bool touched_each(struct pg *pg, const char *log, const char *const *key, size_t n_key, const char *xids,
                  const char *except, touched_fn *fn, void *ctx, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(&sql, "declare touched_keys no scroll cursor for ");
    put_distinct(&sql, log, key, n_key, except);
    return (pg_run(pg, sql.p, PG_ARGS(xids), NULL, err) && hand_out_all(pg, n_key, fn, ctx, err)) ||
           err_wrap(err, "reading the log %s", log);
}

bool touched_forget(struct pg *target, const char *xids, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n"
                      " on n.oid = c.relnamespace where n.nspname = 'carryover' and c.relkind = 'r' and"
                      " (c.relname ~ '^touched[:_]' or c.relname ~ '^reloaded_') and exists (select from pg_attribute a"
                      "  where a.attrelid = c.oid and a.attname = 'xid' and a.atttypid = 'xid8'::regtype)";
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        SCOPED_BUF del = {0};
        buf_printf(&del, "delete from %s where pg_visible_in_snapshot(xid, $1::pg_snapshot)", pg_text(r, i, 0));
        if (!pg_run(target, del.p, PG_ARGS(xids), NULL, err))
            return err_wrap(err, "shortening the logs of touched rows");
    }
    return true;
}
