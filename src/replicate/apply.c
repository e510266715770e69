#include "replicate/apply.h"
#include "base/log.h"
#include "base/name.h"
#include "base/vec.h"
#include "db/environment.h"
#include "replicate/stage.h"
#include <stdlib.h>

#define STAGE_DEAD_MAX 2000 /* rows */

struct tracker {
    int table; /* number */
    bool before, after;
    bool prepared;
    const char *sql, *on_truncate;
};

struct apply {
    struct pg *target;
    const struct table_list *tables;
    struct arena *arena;
    struct stage **stages; /* by table number, made on first use */
    struct arena *tracker_arena;
    VEC(struct tracker) trackers;
    int64_t tracker_version;
    uint64_t position, consistent_lsn;
    bool *anew; /* by table number: it is to be copied anew */
    bool binary, in_transaction;
    struct buf buf;
};

struct apply *apply_new(struct pg *target, const struct apply_opts *o)
{
    struct apply *ap = calloc(1, sizeof *ap);
    if (!ap)
        abort();
    *ap = (struct apply){.target = target,
                         .tables = o->tables,
                         .arena = arena_new(),
                         .tracker_arena = arena_new(),
                         .tracker_version = -1,
                         .position = o->from,
                         .consistent_lsn = o->consistent_lsn,
                         .binary = o->binary};
    ap->stages = arena_new_array(ap->arena, struct stage *, o->tables->n + 1);
    ap->anew = arena_new_array(ap->arena, bool, o->tables->n + 1);
    return ap;
}

void apply_free(struct apply *ap)
{
    if (!ap)
        return;
    vec_done(&ap->trackers);
    buf_done(&ap->buf);
    arena_free(ap->tracker_arena);
    arena_free(ap->arena);
    free(ap);
}

/* -- trackers -- */

static void add_tracker(struct apply *ap, const PGresult *r, int row)
{
    for (size_t i = 0; i < ap->tables->n; i++) {
        const struct table *t = &ap->tables->p[i];
        if (strcmp(t->home, pg_text(r, row, 0)) != 0 || strcmp(t->name, pg_text(r, row, 1)) != 0)
            continue;
        const char *when = pg_text(r, row, 2);
        *vec_push(&ap->trackers) = (struct tracker){.table = t->number,
                                                    .before = strcmp(when, "after") != 0,
                                                    .after = strcmp(when, "before") != 0,
                                                    .sql = arena_dup(ap->tracker_arena, pg_text(r, row, 3)),
                                                    .on_truncate = arena_dup(ap->tracker_arena, pg_text(r, row, 4))};
    }
}

/* The share lock keeps the upgrade from adding trackers while this batch, which did not run them, is not committed. */
static bool refresh_trackers(struct apply *ap, struct err *err)
{
    int64_t version = 0;
    SCOPED_RESULT r = NULL;
    const char *lock = "select version from carryover.tracker_version for share";
    const char *sql = "select rel_schema, rel_name, when_to_run, sql, on_truncate from carryover.tracker"
                      " order by rel_schema, rel_name, lens, n";
    if (!pg_value_i64(ap->target, lock, PG_NONE, &version, err))
        return false;
    if (version == ap->tracker_version)
        return true;
    if (!pg_query(ap->target, sql, PG_NONE, &r, err))
        return false;
    if (ap->trackers.n && !pg_exec(ap->target, "deallocate all", err))
        return false;
    arena_reset(ap->tracker_arena);
    ap->trackers.n = 0;
    for (int i = 0; i < PQntuples(r); i++)
        add_tracker(ap, r, i);
    ap->tracker_version = version;
    return true;
}

static bool concerns(const struct apply *ap, const struct fold_table *f)
{
    return f->touched && !ap->anew[f->table->number];
}

/* A table without key has no keys to ask for, and a truncated one no rows: the lens is loaded anew. */
static bool needs_full(const struct fold_table *f)
{
    return f->truncated || f->table->mode == TABLE_FULL;
}

/* Trackers that ask tables (they run before and after) need to know how few keys there are, or they would scan. */
static bool asks_tables(const struct apply *ap, int table)
{
    for (size_t i = 0; i < ap->trackers.n; i++)
        if (ap->trackers.p[i].table == table && ap->trackers.p[i].before && ap->trackers.p[i].after)
            return true;
    return false;
}

/* Statistics are made anew, and plans with them, when the number of rows is of another order than before. */
static bool is_like_before(const struct stage *s, size_t rows)
{
    return s->analyzed && rows <= s->analyzed * 8 && s->analyzed <= rows * 8;
}

static bool analyze_stages(struct apply *ap, const struct fold *batch, struct err *err)
{
    SCOPED_BUF sql = {0};
    for (size_t i = 0; i < batch->n_tables; i++) {
        const struct fold_table *f = &batch->tables[i];
        size_t rows = MAX(map_count(f->entries), 16);
        if (!concerns(ap, f) || needs_full(f) || !asks_tables(ap, f->table->number) ||
            is_like_before(ap->stages[i], rows))
            continue;
        ap->stages[i]->analyzed = rows;
        buf_printf(&sql, "analyze %s (", ap->stages[i]->name);
        table_put_key(&sql, f->table, "");
        buf_puts(&sql, "); ");
    }
    return sql.n == 0 || pg_exec(ap->target, sql.p, err);
}

/* Planning a tracker takes longer than running it on a few keys, so its plan is kept. */
static bool run_tracker(struct apply *ap, struct tracker *t, int number, struct err *err)
{
    SCOPED_BUF sql = {0};
    if (!t->prepared)
        buf_printf(&sql, "prepare \"carryover:%d\" as %s\n; ", number, t->sql);
    buf_printf(&sql, "execute \"carryover:%d\"", number);
    t->prepared = pg_exec(ap->target, sql.p, err);
    return t->prepared;
}

static bool run_trackers(struct apply *ap, const struct fold *batch, bool before, struct err *err)
{
    for (size_t i = 0; i < ap->trackers.n; i++) {
        struct tracker *t = &ap->trackers.p[i];
        const struct fold_table *f = &batch->tables[t->table];
        if (!concerns(ap, f))
            continue;
        bool full = needs_full(f);
        if (full ? !before : !(before ? t->before : t->after))
            continue;
        if (!(full ? pg_exec(ap->target, t->on_truncate, err) : run_tracker(ap, t, (int)i, err)))
            return err_wrap(err, "finding the lens keys that a change of %s affects", f->table->name);
    }
    return true;
}

/* -- rows -- */

/* Truncating makes a new file, which takes longer than a small batch: a few old rows are deleted instead. */
static void put_emptying(struct buf *b, struct stage *s)
{
    bool many = s->dead > STAGE_DEAD_MAX;
    if (many)
        s->dead = 0;
    buf_printf(b, many ? "truncate %s" : "delete from %s", s->name);
}

/* The stage of a table is made or emptied first. */
static bool fill_stage(struct apply *ap, const struct fold_table *f, struct stage_counts *counts, struct err *err)
{
    SCOPED_BUF first = {0};
    struct stage **s = &ap->stages[f->table->number];
    if (!*s)
        *s = stage_new(ap->arena, f->table, ap->binary);
    if ((*s)->made)
        put_emptying(&first, *s);
    else
        buf_puts(&first, (*s)->create);
    (*s)->dead += map_count(f->entries);
    return stage_send(*s, f, first.p, ap->target, &ap->buf, counts, err);
}

static bool missing(const struct fold *batch, const struct table *t, const char *what, int64_t n, struct err *err)
{
    char at[24];
    pg_lsn_format(batch->position, at);
    return err_set(err, ERR_APPLY, "%" PRId64 " %s of %s are not in the replica (near %s)", n, what, t->name, at);
}

static bool copy_anew(struct apply *ap, const struct table *t, struct err *err)
{
    SCOPED_BUF sql = {0};
    log_warn("replicate.anew",
             "%s is copied anew: a row moved between ranges of two snapshots, and its large values are in"
             " neither",
             t->name);
    buf_puts(&sql, "truncate ");
    table_put_target(&sql, t);
    buf_printf(&sql, "; update carryover.chunk set done = false, at = null, rows = 0, bytes = 0 where rel = %d",
               t->number);
    ap->anew[t->number] = true;
    return pg_exec(ap->target, sql.p, err);
}

/* A row that is not there under its own key is gone later in the stream. One that came from another key may have left a
 * range that was copied after the move for one that was copied before it: then nobody has its large values. */
static bool forget(struct apply *ap, const struct stage *s, struct err *err)
{
    int64_t moved = 0;
    if (!pg_value_i64(ap->target, s->count_moved, PG_NONE, &moved, err))
        return false;
    return moved ? copy_anew(ap, s->table, err) : pg_exec(ap->target, s->forget, err);
}

static bool patch(struct apply *ap, const struct fold *batch, const struct stage *s, int64_t expected, struct err *err)
{
    int64_t patched = 0;
    if (expected == 0)
        return true;
    if (s->patch && !pg_run(ap->target, s->patch, PG_NONE, &patched, err))
        return false;
    if (patched == expected)
        return true;
    if (batch->position > ap->consistent_lsn)
        return missing(batch, s->table, "changed rows with large values", expected - patched, err);
    return forget(ap, s, err);
}

/* The server truncates no table that foreign keys name, whether they sleep or not. */
bool apply_empty(struct pg *target, const struct table *t, struct err *err)
{
    SCOPED_BUF name = {0};
    int64_t named = 0;
    const char *sql = "select count(*) from pg_constraint where contype = 'f' and confrelid = $1::regclass"
                      " and conrelid <> confrelid";
    table_put_target(&name, t);
    return pg_value_i64(target, sql, PG_ARGS(name.p), &named, err) &&
           pg_execf(target, err, named ? "delete from %s" : "truncate %s", name.p);
}

static bool apply_table(struct apply *ap, const struct fold *batch, const struct fold_table *f,
                        const struct stage_counts *n, struct err *err)
{
    const struct stage *s = ap->stages[f->table->number];
    int64_t removed = 0;
    if (f->truncated && !apply_empty(ap->target, f->table, err))
        return false;
    if (!patch(ap, batch, s, n->unchanged, err))
        return false;
    if (ap->anew[f->table->number])
        return true;
    if (!pg_run(ap->target, s->remove, PG_NONE, &removed, err) || !pg_exec(ap->target, s->insert, err))
        return false;
    if (f->table->mode == TABLE_FULL && removed != n->removed)
        return missing(batch, f->table, "removed rows", n->removed - removed, err);
    return true;
}

static bool stage_all(struct apply *ap, const struct fold *batch, struct stage_counts *counts, struct err *err)
{
    for (size_t i = 0; i < batch->n_tables; i++)
        if (concerns(ap, &batch->tables[i]) && !fill_stage(ap, &batch->tables[i], &counts[i], err))
            return err_wrap(err, "staging changes of %s", batch->tables[i].table->name);
    return true;
}

static bool apply_all(struct apply *ap, const struct fold *batch, const struct stage_counts *counts, struct err *err)
{
    for (size_t i = 0; i < batch->n_tables; i++)
        if (concerns(ap, &batch->tables[i]) && !apply_table(ap, batch, &batch->tables[i], &counts[i], err))
            return err_wrap(err, "applying changes of %s", batch->tables[i].table->name);
    return true;
}

/* -- position -- */

static void put_counts(struct buf *b, const struct fold *batch)
{
    bool first = true;
    for (size_t i = 0; i < batch->n_tables; i++) {
        const struct fold_table *f = &batch->tables[i];
        if (!f->touched)
            continue;
        buf_puts(b, first ? "update carryover.relation r set changes = r.changes + v.n from (values " : ", ");
        buf_printf(b, "(%d, %" PRId64 "::bigint)", f->table->number, f->changes);
        first = false;
    }
    if (!first)
        buf_puts(b, ") v(rel, n) where r.rel = v.rel; ");
}

/* Whoever else moved the position has applied these changes already, and on a target in use nothing may be applied.
 * The row stays locked, so that two can never be at it. */
static bool begin_batch(struct apply *ap, struct err *err)
{
    SCOPED_RESULT r = NULL;
    uint64_t at = 0;
    const char *sql = "begin; select applied_lsn, " ENVIRONMENT_LIVE_SQL " from carryover.replication for update";
    if (!pg_simple(ap->target, sql, &r, err))
        return false;
    if (PQntuples(r) != 1 || !pg_lsn_parse(pg_text(r, 0, 0), &at) || at != ap->position)
        return err_set(err, ERR_TARGET_BUSY, "another process has moved the replica");
    return !pg_bool(r, 0, 1) || err_set(err, ERR_GUARD, "users work on the target: nothing is applied any more");
}

static void put_position(struct buf *b, const struct fold *batch, uint64_t source_end)
{
    char at[24], end[24];
    pg_lsn_format(batch->position, at);
    pg_lsn_format(MAX(source_end, batch->position), end);
    buf_printf(
        b,
        "update carryover.replication set applied_lsn = '%s', source_lsn = '%s', transactions = transactions + %" PRId64
        ", changes = changes + %" PRId64 ", updated = clock_timestamp()",
        at, end, batch->transactions, batch->changes);
    if (batch->commit_us)
        buf_printf(b, ", applied_commit = to_timestamp(%" PRId64 ".%06d)", batch->commit_us / 1000000,
                   (int)(batch->commit_us % 1000000));
}

static bool store_position(struct apply *ap, const struct fold *batch, uint64_t source_end, struct err *err)
{
    SCOPED_BUF sql = {0};
    put_counts(&sql, batch);
    if (batch->open)
        buf_printf(&sql, "update carryover.replication set changes = changes + %" PRId64, batch->changes);
    else
        put_position(&sql, batch, source_end);
    return pg_exec(ap->target, sql.p, err);
}

static bool apply_rows(struct apply *ap, const struct fold *batch, struct stage_counts *counts, struct err *err)
{
    if (batch->changes == 0)
        return true;
    return refresh_trackers(ap, err) && stage_all(ap, batch, counts, err) && analyze_stages(ap, batch, err) &&
           run_trackers(ap, batch, true, err) && apply_all(ap, batch, counts, err) &&
           run_trackers(ap, batch, false, err);
}

static void mark_stages(struct apply *ap, const struct fold *batch, bool made)
{
    for (size_t i = 0; i < batch->n_tables; i++)
        if (batch->tables[i].touched && ap->stages[i])
            ap->stages[i]->made = made;
}

bool apply_batch(struct apply *ap, const struct fold *batch, uint64_t source_end, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct stage_counts *counts = arena_new_array(a, struct stage_counts, batch->n_tables + 1);
    bool ok = (ap->in_transaction || begin_batch(ap, err)) && apply_rows(ap, batch, counts, err) &&
              store_position(ap, batch, source_end, err) && (batch->open || pg_commit(ap->target, err));
    if (!ok) {
        pg_rollback(ap->target);
        ap->in_transaction = false;
        return false;
    }
    /* Temporary tables made in the open transaction are there for the next part of it, and for good once committed. */
    mark_stages(ap, batch, true);
    ap->in_transaction = batch->open;
    if (!batch->open)
        ap->position = batch->position;
    return true;
}
