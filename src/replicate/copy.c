#include "replicate/copy.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/name.h"
#include "base/thread.h"
#include "db/target.h"
#include <pthread.h>

#define SMALL_BYTES (8 << 20)
#define MAKE_TRIES 20

struct job {
    struct plan_chunk *chunk;
    struct plan_index *index;
};

struct shop {
    struct source *source;
    struct plan *plan;
    const struct copy_opts *opts;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int busy; /* workers that may still make new work possible */
};

/* -- picking work, with the lock held -- */

static bool index_free(const struct shop *s, const struct plan_index *i)
{
    return !i->done && !i->taken && plan_index_ready(s->plan, i, s->opts->consistent);
}

/* Tables are numbered by size: the lowest number of a free unit is the most urgent one. */
static struct job pick(struct shop *s)
{
    struct plan *p = s->plan;
    struct job j = {0};
    for (size_t i = 0; i < p->n_chunks && !j.chunk; i++)
        if (!p->chunks[i].done && !p->chunks[i].taken)
            j.chunk = &p->chunks[i];
    for (size_t i = 0; i < p->n_indexes && !j.index; i++)
        if (index_free(s, &p->indexes[i]))
            j.index = &p->indexes[i];
    if (j.chunk && j.index && j.index->table->number <= j.chunk->table->number)
        j.chunk = NULL;
    else if (j.chunk && j.index)
        j.index = NULL;
    return j;
}

static bool take_job(struct shop *s, struct crew *crew, struct job *ret)
{
    pthread_mutex_lock(&s->lock);
    for (;;) {
        *ret = pick(s);
        if (ret->chunk || ret->index || s->busy == 0 || crew_stopping(crew))
            break;
        pthread_cond_wait(&s->changed, &s->lock);
    }
    bool got = (ret->chunk || ret->index) && !crew_stopping(crew);
    if (got && ret->chunk)
        ret->chunk->taken = true;
    if (got && ret->index)
        ret->index->taken = true;
    s->busy += got;
    pthread_mutex_unlock(&s->lock);
    return got;
}

static void end_job(struct shop *s)
{
    pthread_mutex_lock(&s->lock);
    s->busy--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* A table of one chunk is made and filled in one transaction: the server then needs no log for its rows (where
 * wal_level is minimal) and can freeze them at once. */
static bool is_whole(const struct plan_chunk *c)
{
    return !c->lo && !c->hi;
}

/* The indexes of a small table are built in the transaction that copies it: there are hundreds of such tables, and
 * what they cost is statements and commits. */
static bool is_small(const struct plan_chunk *c)
{
    return is_whole(c) && c->table->bytes < SMALL_BYTES;
}

static void mark_index_done(struct shop *s, struct plan_index *i, int64_t us)
{
    i->done = true;
    if (s->opts->progress && s->opts->progress->index)
        s->opts->progress->index(s->opts->progress->ctx, i, us);
}

static void finish_index(struct shop *s, struct plan_index *i, int64_t us)
{
    pthread_mutex_lock(&s->lock);
    mark_index_done(s, i, us);
    pthread_mutex_unlock(&s->lock);
}

static void finish_chunk(struct shop *s, struct plan_chunk *c, int64_t rows, int64_t bytes, int64_t us)
{
    const struct table *t = c->table;
    pthread_mutex_lock(&s->lock);
    c->done = true;
    s->plan->chunks_left[t->number]--;
    s->plan->copied_at[t->number] = plan_common_snapshot(s->plan, t);
    if (s->opts->progress && s->opts->progress->chunk)
        s->opts->progress->chunk(s->opts->progress->ctx, c, rows, bytes, us);
    for (size_t k = 0; is_small(c) && k < s->plan->n_indexes; k++)
        if (s->plan->indexes[k].table == t)
            mark_index_done(s, &s->plan->indexes[k], 0);
    pthread_mutex_unlock(&s->lock);
}

/* -- doing it -- */

static bool mark_chunk(struct pg *target, const struct plan_chunk *c, int64_t rows, int64_t bytes, struct err *err)
{
    char at[24];
    pg_lsn_format(c->at, at);
    SCOPED_BUF sql = {0};
    int64_t marked = 0;
    buf_printf(&sql,
               "update carryover.chunk set done = true, at = '%s', rows = %" PRId64 ", bytes = %" PRId64
               " where rel = %d and no = %d and not done",
               at, rows, bytes, c->table->number, c->no);
    if (!pg_run(target, sql.p, PG_NONE, &marked, err))
        return false;
    return marked == 1 || err_set(err, ERR_TARGET_BUSY, "another process has copied a range of %s", c->table->name);
}

static void put_index_done(struct buf *b, const struct plan_index *i)
{
    buf_printf(b, "update carryover.index_job set done = true where rel = %d and name = ", i->table->number);
    pg_put_literal(b, i->name);
}

/* An index may need functions, operators or types of the source that nobody brought to the target. What only makes
 * reading faster is left out then, and said so. */
static bool may_be_left_out(const struct plan_index *i, const struct err *err)
{
    return !i->key && (strncmp(err->sqlstate, "42", 2) == 0 || strncmp(err->sqlstate, "0A", 2) == 0);
}

static bool leave_out(struct pg *target, const struct plan_index *i, struct err *err)
{
    SCOPED_BUF sql = {0};
    log_warn("replicate.index_left_out", "the index %s of %s cannot be built on the target and is left out: %s",
             i->name, i->table->name, err->message);
    buf_puts(&sql, "rollback to savepoint carryover_index; ");
    put_index_done(&sql, i);
    return pg_exec(target, sql.p, err);
}

static bool build_index(struct pg *target, const struct plan_index *i, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_printf(&sql, "savepoint carryover_index; %s\n; ", i->ddl);
    put_index_done(&sql, i);
    if (pg_exec(target, sql.p, err))
        return true;
    err_wrap(err, "building the index %s of %s", i->name, i->table->name);
    return may_be_left_out(i, err) && leave_out(target, i, err);
}

/* Definitions of indexes and columns do not name the schema of their table and of its types. */
static bool enter_schema(struct pg *target, const struct table *t, struct err *err)
{
    SCOPED_BUF path = {0};
    buf_puts(&path, "set local search_path = ");
    name_put(&path, t->home);
    buf_puts(&path, ", public");
    return pg_exec(target, path.p, err);
}

static bool begin_in(struct pg *target, const struct table *t, struct err *err)
{
    return pg_begin(target, err) && enter_schema(target, t, err);
}

static bool build_all(struct shop *s, struct pg *target, const struct table *t, struct err *err)
{
    for (size_t k = 0; k < s->plan->n_indexes; k++)
        if (s->plan->indexes[k].table == t && !build_index(target, &s->plan->indexes[k], err))
            return false;
    return true;
}

/* An earlier run may have left the table, but no rows in it that count. One that is truncated in the transaction is as
 * good as new: its rows can be frozen, too. */
static bool make_table(struct pg *target, const struct table *t, bool made, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(&sql, made ? "truncate " : "drop table if exists ");
    table_put_target(&sql, t);
    buf_puts(&sql, "; ");
    if (!made)
        table_put_create(&sql, t);
    return pg_exec(target, sql.p, err);
}

/* Tables that are made at the same moment and whose long names begin alike are given one name for their array types;
 * the second of them fails when the first is committed, and then gets another. */
static bool begin_whole(struct pg *target, const struct table *t, bool made, struct err *err)
{
    for (int tries = 0; begin_in(target, t, err); tries++) {
        if (make_table(target, t, made, err))
            return true;
        if (strcmp(err->sqlstate, "23505") != 0 || tries == MAKE_TRIES)
            return false;
        pg_rollback(target);
    }
    return false;
}

static bool copy_in_transaction(struct shop *s, struct source_reader *r, struct pg *target, struct plan_chunk *c,
                                int64_t *ret_rows, int64_t *ret_bytes, struct err *err)
{
    return (is_whole(c) ? begin_whole(target, c->table, s->plan->made, err) : begin_in(target, c->table, err)) &&
           source_copy(r, c->table, c->lo, c->hi, target, is_whole(c) ? "freeze" : "", ret_rows, ret_bytes, err) &&
           mark_chunk(target, c, *ret_rows, *ret_bytes, err) && (!is_small(c) || build_all(s, target, c->table, err)) &&
           pg_commit(target, err);
}

static bool is_last_index(struct shop *s, const struct table *t)
{
    bool last = true;
    pthread_mutex_lock(&s->lock);
    for (size_t k = 0; k < s->plan->n_indexes; k++)
        last &= s->plan->indexes[k].table != t || s->plan->indexes[k].done;
    pthread_mutex_unlock(&s->lock);
    return last;
}

/* Lenses join and search by indexed columns; statistics of the hundreds of others would cost more than the copy. */
static bool analyze_indexed(struct pg *target, const struct table *t, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF name = {0};
    char *sql = NULL;
    table_put_target(&name, t);
    const char *ask = "select format('analyze %s (%s)', $1::text, string_agg(distinct quote_ident(a.attname), ', '))"
                      " from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)"
                      " where i.indrelid = $1::regclass having count(*) > 0";
    if (!pg_value(target, ask, PG_ARGS(name.p), a, &sql, err))
        return false;
    return !sql || pg_exec(target, sql, err);
}

static bool do_chunk(struct shop *s, struct source_reader *r, struct pg *target, struct plan_chunk *c, struct err *err)
{
    int64_t rows = 0, bytes = 0, start = clock_us();
    c->at = s->opts->snapshot->position;
    if (!copy_in_transaction(s, r, target, c, &rows, &bytes, err)) {
        pg_rollback(target);
        if (err->code == ERR_SQL)
            err->code = ERR_COPY;
        return false;
    }
    finish_chunk(s, c, rows, bytes, clock_us() - start);
    return !is_small(c) || rows == 0 || analyze_indexed(target, c->table, err);
}

static bool build_in_transaction(struct pg *target, const struct plan_index *i, struct err *err)
{
    return begin_in(target, i->table, err) && build_index(target, i, err) && pg_commit(target, err);
}

static bool do_index(struct shop *s, struct pg *target, struct plan_index *i, struct err *err)
{
    int64_t start = clock_us();
    if (!build_in_transaction(target, i, err)) {
        pg_rollback(target);
        return false;
    }
    finish_index(s, i, clock_us() - start);
    return !is_last_index(s, i->table) || analyze_indexed(target, i->table, err);
}

/* Half a gigabyte for each index build is what a migration's server can spare; a second core helps only one. Statistics
 * need to be good enough for the first load; autovacuum makes better ones. */
static const char session_sql[] =
    "set maintenance_work_mem = '512MB'; set synchronous_commit = off; set max_parallel_maintenance_workers = 1;"
    " set default_statistics_target = 50; set client_min_messages = warning";

static bool open_target(const struct shop *s, struct pg **ret, struct err *err)
{
    return pg_open(s->opts->target_uri, "target", ret, err) && pg_exec(*ret, session_sql, err) &&
           target_cheapen_log(*ret, err);
}

static bool work(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct shop *s = ctx;
    struct job j;
    SCOPED(pg) target = NULL;
    SCOPED(source_reader) reader = NULL;
    (void)member;
    if (!open_target(s, &target, err) ||
        (s->opts->snapshot && !source_reader_new(s->source, s->opts->snapshot, &reader, err))) {
        pthread_cond_broadcast(&s->changed);
        return false;
    }
    while (take_job(s, crew, &j)) {
        bool ok = j.chunk ? do_chunk(s, reader, target, j.chunk, err) : do_index(s, target, j.index, err);
        if (!ok)
            crew->failed = true;
        end_job(s);
        if (!ok)
            return false;
    }
    return true;
}

bool copy_run(struct source *source, struct plan *p, const struct copy_opts *o, struct err *err)
{
    struct shop s = {
        .source = source, .plan = p, .opts = o, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    bool ok = crew_run(o->workers, work, &s, err) && cancel_check(err);
    pthread_cond_destroy(&s.changed);
    pthread_mutex_destroy(&s.lock);
    return ok;
}
