#include "base/name.h"
#include "source/internal.h"
#include <stdlib.h>

struct source_reader {
    struct pg *pg;
};

static bool begin_at(struct pg *pg, const struct source_snapshot *snapshot, struct err *err)
{
    if (!pg_exec(pg, "begin isolation level repeatable read read only", err))
        return false;
    if (!snapshot)
        return true;
    SCOPED(arena) a = arena_new();
    return pg_execf(pg, err, "set transaction snapshot %s", pg_literal(a, snapshot->name));
}

/* Ranges are read through the key: a whole scan for each of them would read the table many times. Bounds are cast to
 * types whose names are those of the source's schema. Rows that a policy hides are a failure, not an absence. */
static bool prepare_session(struct pg *pg, const struct source_opts *o, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b,
             "set enable_seqscan = off; set max_parallel_workers_per_gather = 0; set jit = off; set row_security = off;"
             " set search_path = ");
    source_put_path(&b, o);
    return pg_exec(pg, b.p, err);
}

bool source_reader_new(struct source *s, const struct source_snapshot *snapshot, struct source_reader **ret,
                       struct err *err)
{
    SCOPED(pg) pg = NULL;
    if (!pg_open(s->opts.uri, s->opts.role, &pg, err) || !prepare_session(pg, &s->opts, err) ||
        !begin_at(pg, snapshot, err))
        return err_wrap(err, "opening the snapshot of the %s", s->opts.role);
    struct source_reader *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->pg = pg;
    pg = NULL;
    *ret = r;
    return true;
}

void source_reader_free(struct source_reader *r)
{
    if (!r)
        return;
    pg_free(r->pg);
    free(r);
}

struct pg *source_reader_pg(struct source_reader *r)
{
    return r->pg;
}

static void put_bound(struct buf *b, const struct table *t, const char *op, const char *const *bound)
{
    buf_putc(b, '(');
    table_put_key(b, t, "");
    buf_printf(b, ") %s (", op);
    for (size_t i = 0; i < t->n_key; i++) {
        buf_puts(b, i ? ", " : "");
        pg_put_literal(b, bound[i]);
        buf_printf(b, "::%s", t->columns[t->key[i]].type);
    }
    buf_putc(b, ')');
}

static void put_select(struct buf *b, const struct table *t, const char *const *lo, const char *const *hi)
{
    buf_puts(b, "copy (select ");
    table_put_columns(b, t, "");
    buf_puts(b, " from ");
    table_put_source(b, t);
    if (lo || hi)
        buf_puts(b, " where ");
    if (lo)
        put_bound(b, t, ">=", lo);
    if (lo && hi)
        buf_puts(b, " and ");
    if (hi)
        put_bound(b, t, "<", hi);
    buf_printf(b, ") to stdout (format %s)", t->binary ? "binary" : "text");
}

static void put_insert(struct buf *b, const struct table *t, const char *options)
{
    buf_puts(b, "copy ");
    table_put_target(b, t);
    buf_puts(b, " (");
    table_put_columns(b, t, "");
    buf_printf(b, ") from stdin (format %s%s%s)", t->binary ? "binary" : "text", *options ? ", " : "", options);
}

/* The way of a row during the snapshot: libpq's buffer of one server into libpq's buffer of the other. */
static bool pump(struct pg *from, struct pg *to, int64_t *ret_bytes, struct err *err)
{
    char *piece = NULL;
    size_t n = 0;
    bool ok = true;
    while (ok && (ok = pg_copy_get(from, &piece, &n, err)) && piece) {
        ok = pg_copy_put(to, piece, n, err);
        *ret_bytes += (int64_t)n;
        PQfreemem(piece);
    }
    return ok;
}

bool source_copy(struct source_reader *r, const struct table *t, const char *const *lo, const char *const *hi,
                 struct pg *target, const char *options, int64_t *ret_rows, int64_t *ret_bytes, struct err *err)
{
    SCOPED_BUF out = {0};
    SCOPED_BUF in = {0};
    put_select(&out, t, lo, hi);
    put_insert(&in, t, options);
    *ret_bytes = 0;
    if (!pg_copy_out(r->pg, out.p, err) || !pg_copy_in(target, in.p, err))
        return err_wrap(err, "copying %s", t->name);
    if (!pump(r->pg, target, ret_bytes, err)) {
        pg_copy_abort(target);
        return err_wrap(err, "copying %s", t->name);
    }
    if (!pg_copy_end(target, ret_rows, err))
        return err_wrap(err, "copying %s", t->name);
    return true;
}
