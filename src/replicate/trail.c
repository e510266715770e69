#include "replicate/trail.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/name.h"
#include "base/vec.h"
#include "db/target.h"
#include "replicate/retain.h"
#include "replicate/stage.h"
#include <stdlib.h>

#define WAIT_MS 5
#define STORE_MS 500 /* between two notes that nothing happened */
#define VISIBLE_MS 10000
#define GATHER_LEAST_US 20000 /* longest time that a commit waits for others; longer while batches take long */
#define GATHER_MOST_US 5000000
#define TIDY_BATCHES 500

static const char prepare_sql[] =
    "create table if not exists carryover.trail (only_row boolean primary key default true check (only_row),"
    " begun_lsn pg_lsn not null, restart_lsn pg_lsn not null, seen_lsn pg_lsn not null,"
    " transactions bigint not null default 0, updated timestamptz not null default clock_timestamp())";

struct tracker {
    int table;
    bool prepared;
    const char *sql, *on_truncate;
};

struct trail {
    const struct trail_opts *o;
    struct arena *arena;
    struct source *source;
    struct source_stream *stream;
    struct pg *target;
    struct table_list tables;
    struct stage **stages;
    const char **images; /* pg_temp."image:x" */
    bool *filled;        /* the stage has rows of this batch */
    bool *truncated;     /* in this batch */
    VEC(struct tracker) trackers;
    VEC(int64_t) xids;
    struct fold *batch;
    struct buf buf;
    struct retain retained;
    uint64_t restart, seen, idle;
    int64_t no, stored_us, first_us, gather_us;
    bool in_transaction, binary;
};

/* -- opening -- */

static bool is_tracked(const PGresult *r, const char *table)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (strcmp(pg_text(r, i, 0), table) == 0)
            return true;
    return false;
}

/* Only tables that a lens reads, every one by whole rows. */
static bool read_tables(struct trail *t, struct err *err)
{
    struct table_list all;
    SCOPED_RESULT r = NULL;
    const char *sql = "select distinct rel_name from carryover.tracker where rel_schema = $1";
    if (!source_catalog(t->source, t->arena, &all, err) || !pg_query(t->target, sql, PG_ARGS(t->o->schema), &r, err))
        return false;
    t->tables.p = arena_new_array(t->arena, struct table, all.n + 1);
    t->binary = true;
    for (size_t i = 0; i < all.n; i++) {
        if (!is_tracked(r, all.p[i].name))
            continue;
        struct table *copy = &t->tables.p[t->tables.n];
        *copy = all.p[i];
        copy->number = (int)t->tables.n++;
        copy->mode = TABLE_FULL;
        t->binary = t->binary && copy->binary;
    }
    return t->tables.n || err_set(err, ERR_TARGET_STATE, "no lens reads the schema %s", t->o->schema);
}

static bool open_trail(struct trail *t, const struct trail_opts *o, struct err *err)
{
    *t = (struct trail){.o = o, .arena = arena_new(), .retained = {.chain = o->chain}};
    struct source_opts s = {.uri = o->uri,
                            .role = "target",
                            .schema = o->schema,
                            .home = o->schema,
                            .slot = o->slot,
                            .publication = o->publication};
    return source_open(&s, &t->source, err) && pg_open(o->uri, "target", &t->target, err) && read_tables(t, err);
}

static void close_trail(struct trail *t)
{
    source_stream_free(t->stream);
    source_free(t->source);
    pg_free(t->target);
    fold_free(t->batch);
    buf_done(&t->buf);
    vec_done(&t->trackers);
    vec_done(&t->xids);
    arena_free(t->arena);
}

#define SCOPED_TRAIL __attribute__((cleanup(close_trail))) struct trail

/* -- beginning -- */

static bool refuse_problems(struct trail *t, struct err *err)
{
    struct source_problems problems;
    if (!source_check(t->source, &t->tables, t->arena, &problems, err))
        return false;
    if (problems.n == 0)
        return true;
    err_set(err, problems.p[0].code, "%s", problems.p[0].what);
    return err_hint(err, "%s", problems.p[0].mend);
}

/* Old images are in the log only then. */
static bool identify_fully(struct trail *t, struct err *err)
{
    for (size_t i = 0; i < t->tables.n; i++) {
        SCOPED_BUF sql = {0};
        buf_puts(&sql, "alter table ");
        table_put_target(&sql, &t->tables.p[i]);
        buf_puts(&sql, " replica identity full");
        if (!pg_exec(t->target, sql.p, err))
            return err_wrap(err, "preparing %s", t->tables.p[i].name);
    }
    return true;
}

static bool store_beginning(struct trail *t, uint64_t position, bool untouched, struct err *err)
{
    char at[24];
    pg_lsn_format(position, at);
    const char *stale = "insert into carryover.lens_stale select distinct 'down', lens from carryover.tracker"
                        " where rel_schema = $1";
    return pg_begin(t->target, err) && pg_run(t->target, "delete from carryover.trail", PG_NONE, NULL, err) &&
           pg_run(t->target,
                  "insert into carryover.trail (begun_lsn, restart_lsn, seen_lsn) values ($1::pg_lsn, $1, $1)",
                  PG_ARGS(at), NULL, err) &&
           (untouched || pg_run(t->target, stale, PG_ARGS(t->o->schema), NULL, err)) && pg_commit(t->target, err);
}

/* The slot is gone after a restore or a failover, and useless when the server has removed log that it needed. */
static bool goes_on(struct trail *t, bool *ret, struct err *err)
{
    struct err why;
    uint64_t from = 0, restart = 0;
    char *at = NULL;
    bool there = source_capturing(t->source, &from, &why);
    if (!there && why.code != ERR_SLOT_LOST) {
        *err = why;
        return false;
    }
    if (!pg_value(t->target, "select restart_lsn from carryover.trail", PG_NONE, t->arena, &at, err))
        return false;
    *ret = there && from && pg_lsn_parse(at, &restart) && from <= restart;
    if (!*ret)
        log_warn("trail.lost",
                 "the log of changes has a gap (the target was restored, failed over, or its slot was "
                 "removed): every lens that reads %s is made anew",
                 t->o->schema);
    return true;
}

bool trail_begin(const struct trail_opts *o, bool untouched, struct err *err)
{
    bool going = false;
    SCOPED_TRAIL t;
    struct trail_position at;
    struct source_snapshot snapshot;
    char *owner = NULL;
    if (!open_trail(&t, o, err) || !pg_exec(t.target, prepare_sql, err) || !trail_position(t.target, &at, err))
        return false;
    if (at.exists && (!goes_on(&t, &going, err) || going))
        return going;
    /* Killed between the new slot and store_beginning(), the next start must not take that slot for the old one. */
    return (!at.exists || pg_exec(t.target, "update carryover.trail set restart_lsn = '0/0'", err)) &&
           refuse_problems(&t, err) && identify_fully(&t, err) && target_identity(t.target, t.arena, &owner, err) &&
           source_capture(t.source, &t.tables, arena_printf(t.arena, "%s trail", owner), &snapshot, err) &&
           store_beginning(&t, snapshot.position, untouched && !at.exists, err);
}

bool trail_position(struct pg *target, struct trail_position *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    int64_t there = 0;
    *ret = (struct trail_position){0};
    if (!pg_value_i64(target, "select (to_regclass('carryover.trail') is not null)::int", PG_NONE, &there, err))
        return false;
    if (!there)
        return true;
    if (!pg_query(target, "select seen_lsn, transactions from carryover.trail", PG_NONE, &r, err))
        return false;
    ret->exists = PQntuples(r) == 1 && pg_lsn_parse(pg_text(r, 0, 0), &ret->seen);
    ret->transactions = ret->exists ? pg_i64(r, 0, 1) : 0;
    return true;
}

/* -- temporary tables -- */

/* Trackers read the images of every table, also of those that never change. */
static bool make_images(struct trail *t, struct err *err)
{
    t->stages = arena_new_array(t->arena, struct stage *, t->tables.n);
    t->images = arena_new_array(t->arena, const char *, t->tables.n);
    t->filled = arena_new_array(t->arena, bool, t->tables.n);
    t->truncated = arena_new_array(t->arena, bool, t->tables.n);
    for (size_t i = 0; i < t->tables.n; i++) {
        const struct table *table = &t->tables.p[i];
        SCOPED_BUF sql = {0};
        t->stages[i] = stage_new(t->arena, table, t->binary);
        t->stages[i]->passing = true; /* somebody may have evaluated a lens while such a row was there */
        t->images[i] = pg_qualified(t->arena, "pg_temp", name_derived(t->arena, "image:", table->name));
        buf_printf(&sql, "%s; create temp table %s as select null::bigint as \"carryover:batch\", ",
                   t->stages[i]->create, t->images[i] + strlen("\"pg_temp\"."));
        table_put_columns(&sql, table, "");
        buf_puts(&sql, " from ");
        table_put_target(&sql, table);
        buf_puts(&sql, " where false");
        if (!pg_exec(t->target, sql.p, err))
            return err_wrap(err, "making the images of %s", table->name);
    }
    return true;
}

static bool read_trackers(struct trail *t, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select rel_name, sql, on_truncate from carryover.tracker where rel_schema = $1"
                      " order by rel_name, lens, n";
    if (!pg_query(t->target, sql, PG_ARGS(t->o->schema), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        const struct table *table = table_find(&t->tables, t->o->schema, pg_text(r, i, 0));
        if (table)
            *vec_push(&t->trackers) = (struct tracker){.table = table->number,
                                                       .sql = arena_dup(t->arena, pg_text(r, i, 1)),
                                                       .on_truncate = arena_dup(t->arena, pg_text(r, i, 2))};
    }
    return true;
}

/* -- a batch -- */

static void put_keep(struct buf *b, const struct trail *t, const struct table *table)
{
    int i = table->number;
    buf_printf(b, "insert into %s select %" PRId64 ", ", t->images[i], t->no);
    table_put_columns(b, table, "");
    buf_printf(b, " from %s", t->stages[i]->name);
}

static bool is_like_before(const struct stage *s, size_t rows)
{
    return s->analyzed && rows <= s->analyzed * 8 && s->analyzed <= rows * 8;
}

static bool stage_table(struct trail *t, const struct fold_table *f, struct err *err)
{
    struct stage_counts counts = {0};
    struct stage *s = t->stages[f->table->number];
    SCOPED_BUF sql = {0};
    size_t rows = MAX(map_count(f->entries), 16);
    if (!stage_send(s, f, "", t->target, &t->buf, &counts, err))
        return err_wrap(err, "taking the images of %s", f->table->name);
    t->filled[f->table->number] = true;
    put_keep(&sql, t, f->table);
    if (!is_like_before(s, rows)) {
        s->analyzed = rows;
        buf_printf(&sql, "; analyze %s; analyze %s", s->name, t->images[f->table->number]);
    }
    return pg_exec(t->target, sql.p, err);
}

static bool stage_batch(struct trail *t, struct err *err)
{
    for (size_t i = 0; i < t->batch->n_tables; i++)
        if (map_count(t->batch->tables[i].entries) && !stage_table(t, &t->batch->tables[i], err))
            return false;
    return true;
}

static bool run_tracker(struct trail *t, size_t number, struct err *err)
{
    struct tracker *k = &t->trackers.p[number];
    SCOPED_BUF sql = {0};
    if (t->truncated[k->table] && !pg_exec(t->target, k->on_truncate, err))
        return false;
    if (!t->filled[k->table])
        return true;
    if (!k->prepared)
        buf_printf(&sql, "prepare \"trail:%zu\" as %s\n; ", number, k->sql);
    buf_printf(&sql, "execute \"trail:%zu\"", number);
    k->prepared = pg_exec(t->target, sql.p, err);
    return k->prepared ||
           err_wrap(err, "finding the lens keys that a change of %s affects", t->tables.p[k->table].name);
}

static bool run_trackers(struct trail *t, struct err *err)
{
    for (size_t i = 0; i < t->trackers.n; i++)
        if (!run_tracker(t, i, err))
            return false;
    return true;
}

/* The stream may be a moment ahead of what others see: whoever reloads the keys must see the rows. A transaction number
 * of the stream has 32 bits; the upper half is that of the numbers of now. */
static bool wait_until_visible(struct trail *t, struct err *err)
{
    static const char sql[] =
        "select coalesce(bool_and(pg_visible_in_snapshot((b - ((b - x) & 4294967295))::text::xid8, s)), true)"
        " from (select pg_current_snapshot()) c(s),"
        " lateral (select pg_snapshot_xmax(s)::text::bigint + 2147483647) n(b), unnest($1::bigint[]) x";
    int64_t end = clock_us() + VISIBLE_MS * 1000;
    SCOPED_BUF list = {0};
    vec_each (&t->xids, x)
        buf_printf(&list, "%c%" PRId64, list.n ? ',' : '{', *x);
    buf_puts(&list, list.n ? "}" : "{}");
    for (;;) {
        SCOPED_RESULT r = NULL;
        if (!pg_query(t->target, sql, PG_ARGS(list.p), &r, err))
            return false;
        if (pg_bool(r, 0, 0))
            return true;
        if (clock_us() > end)
            return err_set(err, ERR_TIMEOUT, "a transaction of the log has not become visible");
        clock_sleep_ms(1);
    }
}

/* -- images that are no longer needed -- */

static void put_forget(struct buf *b, const struct trail *t, int64_t no)
{
    for (size_t i = 0; i < t->tables.n; i++)
        if (t->stages[i]->dead)
            buf_printf(b, "delete from %s where \"carryover:batch\" <= %" PRId64 "; ", t->images[i], no);
}

static bool release(struct trail *t, struct err *err)
{
    struct retained last;
    SCOPED_BUF sql = {0};
    if (!retain_release(&t->retained, t->seen, &last))
        return true;
    put_forget(&sql, t, last.no);
    t->restart = last.position;
    for (size_t i = 0; t->retained.n == 0 && i < t->tables.n; i++)
        t->stages[i]->dead = 0;
    return sql.n == 0 || pg_exec(t->target, sql.p, err);
}

static bool retain(struct trail *t, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct retained batch = {.no = t->no, .position = t->batch->position};
    char *now = NULL;
    if (!pg_value(t->target, "select pg_current_wal_insert_lsn()", PG_NONE, a, &now, err))
        return false;
    if (!pg_lsn_parse(now, &batch.horizon))
        return err_set(err, ERR_STREAM, "the target gave no position");
    retain_add(&t->retained, batch);
    return true;
}

static bool store_position(struct trail *t, struct err *err)
{
    char restart[24], seen[24], n[24];
    pg_lsn_format(t->restart, restart);
    pg_lsn_format(t->seen, seen);
    snprintf(n, sizeof n, "%" PRId64, t->batch->transactions);
    t->stored_us = clock_us();
    return pg_run(t->target,
                  "update carryover.trail set restart_lsn = $1::pg_lsn, seen_lsn = $2::pg_lsn,"
                  " transactions = transactions + $3::bigint, updated = clock_timestamp()",
                  PG_ARGS(restart, seen, n), NULL, err);
}

/* -- all of it -- */

static bool empty_stages(struct trail *t, struct err *err)
{
    SCOPED_BUF sql = {0};
    for (size_t i = 0; i < t->tables.n; i++) {
        if (!t->filled[i])
            continue;
        buf_printf(&sql, "delete from %s; ", t->stages[i]->name);
        t->stages[i]->dead++;
        t->filled[i] = false;
    }
    return sql.n == 0 || pg_exec(t->target, sql.p, err);
}

static void begin_batch(struct trail *t)
{
    uint64_t position = t->batch->position;
    fold_reset(t->batch);
    t->batch->position = position;
    memset(t->truncated, 0, t->tables.n * sizeof *t->truncated);
    t->xids.n = 0;
    t->first_us = 0;
    t->no++;
}

static bool finish_inside(struct trail *t, struct err *err)
{
    if (!stage_batch(t, err) || !run_trackers(t, err) || !retain(t, err))
        return false;
    t->seen = t->batch->position;
    return empty_stages(t, err) && release(t, err) && wait_until_visible(t, err) && store_position(t, err);
}

/* Deleted rows of temporary tables are nobody else's business. */
static bool tidy(struct trail *t, struct err *err)
{
    for (size_t i = 0; t->no % TIDY_BATCHES == 0 && i < t->tables.n; i++)
        if (t->stages[i]->analyzed && (!pg_execf(t->target, err, "vacuum %s", t->stages[i]->name) ||
                                       !pg_execf(t->target, err, "vacuum %s", t->images[i])))
            return false;
    return true;
}

static bool finish_batch(struct trail *t, struct err *err)
{
    int64_t start = clock_us();
    if (!pg_begin(t->target, err) || !finish_inside(t, err) || !pg_commit(t->target, err))
        return false;
    t->gather_us = MAX(GATHER_LEAST_US, MIN(2 * (clock_us() - start), GATHER_MOST_US));
    log_debug("trail.batch", "batch %" PRId64 ": %" PRId64 " transactions in %" PRId64 " ms, %zu batches are retained",
              t->no, t->batch->transactions, (clock_us() - start) / 1000, t->retained.n);
    begin_batch(t);
    if (t->o->moved)
        t->o->moved(t->o->ctx, t->seen);
    return tidy(t, err);
}

/* Trackers run best over much at once, so what does not fit into memory waits in the stages. */
static bool keep_part(struct trail *t, struct err *err)
{
    int64_t transactions = t->batch->transactions;
    uint64_t position = t->batch->position;
    if (!pg_begin(t->target, err) || !stage_batch(t, err) || !pg_commit(t->target, err))
        return false;
    fold_reset(t->batch);
    t->batch->transactions = transactions;
    t->batch->position = position;
    return true;
}

/* Nothing of ours came, but the log went on: images may go, and the source may let go of its log. */
static bool note_idle(struct trail *t, struct err *err)
{
    bool waited_for = t->retained.n && t->retained.p[0].horizon <= t->idle;
    if (t->idle <= t->seen || (!waited_for && clock_us() - t->stored_us < STORE_MS * 1000))
        return true;
    t->seen = t->batch->position = t->idle;
    if (!pg_begin(t->target, err) || !release(t, err))
        return false;
    t->restart = t->retained.n ? t->restart : t->seen;
    if (!store_position(t, err) || !pg_commit(t->target, err))
        return false;
    t->batch->transactions = 0;
    if (t->o->moved)
        t->o->moved(t->o->ctx, t->seen);
    return true;
}

static void take(struct trail *t, const struct change *c)
{
    switch (c->kind) {
    case CHANGE_NONE:
        break;
    case CHANGE_BEGIN:
        t->in_transaction = true;
        *vec_push(&t->xids) = c->transaction;
        break;
    case CHANGE_TRUNCATE:
        t->truncated[c->table->number] = true;
        fold_add(t->batch, c);
        break;
    case CHANGE_INSERT:
    case CHANGE_UPDATE:
    case CHANGE_DELETE:
        fold_add(t->batch, c);
        break;
    case CHANGE_COMMIT:
        t->in_transaction = false;
        t->batch->transactions++;
        t->batch->position = c->position;
        t->first_us = t->first_us ? t->first_us : clock_us();
        break;
    case CHANGE_IDLE:
        t->idle = MAX(t->idle, c->position);
        break;
    }
}

static bool step(struct trail *t, struct err *err)
{
    struct change c;
    if (!source_next(t->stream, WAIT_MS, &c, err))
        return false;
    take(t, &c);
    if (fold_size(t->batch) > t->o->batch_bytes && !keep_part(t, err))
        return false;
    if (t->in_transaction)
        return true;
    if (t->first_us)
        return (c.kind != CHANGE_NONE && clock_us() - t->first_us < t->gather_us) || finish_batch(t, err);
    return c.kind == CHANGE_COMMIT || (note_idle(t, err) && source_acknowledge(t->stream, t->restart, err));
}

static bool begin_run(struct trail *t, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(t->target, "select restart_lsn from carryover.trail", PG_NONE, &r, err))
        return false;
    if (PQntuples(r) != 1 || !pg_lsn_parse(pg_text(r, 0, 0), &t->restart))
        return err_set(err, ERR_TARGET_STATE, "the changes of %s are not followed yet", t->o->schema);
    t->seen = t->idle = t->restart;
    t->batch = fold_new(&t->tables);
    t->batch->position = t->restart;
    return make_images(t, err) && read_trackers(t, err) &&
           source_stream_open(t->source, &t->tables, t->restart, t->binary, &t->stream, err);
}

static const char session_sql[] = "set work_mem = '64MB'; set jit = off; set synchronous_commit = on;"
                                  " set join_collapse_limit = 20; set from_collapse_limit = 20";

bool trail_run(const struct trail_opts *o, struct crew *crew, struct err *err)
{
    SCOPED_TRAIL t;
    if (!open_trail(&t, o, err) || !pg_exec(t.target, session_sql, err) || !begin_run(&t, err))
        return false;
    while (!crew || !crew_stopping(crew) || cancel_requested())
        if (!cancel_check(err) || !step(&t, err))
            return false;
    return true;
}
