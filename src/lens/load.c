#include "lens/load.h"
#include "base/log.h"
#include "base/name.h"
#include "base/thread.h"
#include "lens/reload.h"
#include <pthread.h>

#define LAST_PAGE 4294967295 /* a table may grow while it is loaded: the last chunk has no end */

/* -- chunks -- */

static bool table_pages(struct pg *target, const struct catalog_table *t, int64_t *ret_pages, int64_t *ret_rows,
                        struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select pg_relation_size(c.oid) / current_setting('block_size')::int, greatest(c.reltuples, 0)"
                      " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where n.nspname = $1 and c.relname = $2";
    if (!pg_query(target, sql, PG_ARGS(t->schema, t->name), &r, err))
        return false;
    *ret_pages = PQntuples(r) ? pg_i64(r, 0, 0) : 0;
    *ret_rows = PQntuples(r) ? pg_i64(r, 0, 1) : 0;
    return true;
}

static void put_chunk(struct buf *b, const struct lens *l, int no, size_t branch, int64_t lo, int64_t hi)
{
    buf_puts(b, b->n ? ", (" : "insert into carryover.lens_chunk (direction, lens, no, branch, lo, hi) values (");
    buf_printf(b, "'%s', ", lens_direction_name(l->direction));
    pg_put_literal(b, l->name);
    buf_printf(b, ", %d, %zu, %" PRId64 ", %" PRId64 ")", no, branch, lo, hi);
}

static bool cut_branch(struct pg *target, const struct load_opts *o, const struct lens *l, size_t branch, int *no,
                       struct buf *b, int64_t *rows, struct err *err)
{
    const struct lens_branch *br = &l->branches[branch];
    int64_t pages = 0, n = 0, step = MAX(o->chunk_bytes / 8192, 1);
    if (br->by && !table_pages(target, br->by, &pages, &n, err))
        return false;
    *rows += n;
    int64_t count = MAX((pages + step / 2) / step, 1);
    for (int64_t i = 0; i < count; i++)
        put_chunk(b, l, (*no)++, branch, i * step, i + 1 < count ? (i + 1) * step : LAST_PAGE);
    return true;
}

static bool cut_lens(struct pg *target, const struct load_opts *o, const struct lens *l, int64_t *rows, struct err *err)
{
    SCOPED_BUF b = {0};
    int no = 0;
    for (size_t i = 0; i < l->n_branches; i++)
        if (!cut_branch(target, o, l, i, &no, &b, rows, err))
            return false;
    int64_t planned = 0;
    const char *d = lens_direction_name(l->direction);
    return pg_begin(target, err) &&
           pg_run(target,
                  "update carryover.lens set state = 'loading' where direction = $1 and name = $2 and"
                  " state = 'planned'",
                  PG_ARGS(d, l->name), &planned, err) &&
           pg_run(target,
                  "update carryover.lens set error = '' where direction = $1 and name = $2 and error <> '' and"
                  " state in ('loading', 'indexing')",
                  PG_ARGS(d, l->name), NULL, err) &&
           (planned == 0 || pg_exec(target, b.p, err)) && pg_commit(target, err);
}

bool load_plan(struct pg *target, const struct load_opts *o, int64_t *ret_rows, struct err *err)
{
    int64_t rows = 0;
    for (size_t i = 0; i < o->set->n; i++)
        if (!cut_lens(target, o, &o->set->p[i], &rows, err)) {
            pg_rollback(target);
            return err_wrap(err, "planning the load of %s", o->set->p[i].name);
        }
    if (ret_rows)
        *ret_rows = rows;
    return true;
}

/* -- the work list -- */

struct task {
    const struct lens *lens;
    int no;
    size_t branch;
    char lo[24], hi[24];
    bool alone; /* the only chunk of its lens */
};

struct work {
    const struct load_opts *o;
    struct task *tasks;
    size_t n_tasks;
    atomic_size_t next;
    atomic_int *left;    /* chunks that are not done, per lens */
    atomic_bool *failed; /* per lens */
    pthread_mutex_t lock;
    struct err first; /* of the lenses that failed; guarded by the lock, as the number of them */
    int n_failed;
};

/* Lenses with the most pages first, so that the last worker does not sit alone over the biggest one. */
static const char tasks_sql[] =
    "select c.lens, c.no, c.branch, c.lo, c.hi, count(*) over (partition by c.lens) = 1 and"
    " (select count(*) from carryover.lens_chunk a where a.direction = c.direction and a.lens = c.lens) = 1"
    " from carryover.lens_chunk c where c.direction = $1 and not c.done"
    " order by count(*) over (partition by c.lens) desc, c.lens, c.no";

static bool read_tasks(struct pg *target, struct work *w, struct arena *a, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, tasks_sql, PG_ARGS(lens_direction_name(w->o->set->direction)), &r, err))
        return false;
    w->tasks = arena_new_array(a, struct task, (size_t)PQntuples(r) + 1);
    w->left = arena_new_array(a, atomic_int, w->o->set->n + 1);
    w->failed = arena_new_array(a, atomic_bool, w->o->set->n + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        const struct lens *l = lens_find(w->o->set, pg_text(r, i, 0));
        if (!l)
            continue;
        struct task *t = &w->tasks[w->n_tasks++];
        *t = (struct task){l, (int)pg_i64(r, i, 1), (size_t)pg_i64(r, i, 2), "", "", pg_bool(r, i, 5)};
        snprintf(t->lo, sizeof t->lo, "(%s,0)", pg_text(r, i, 3));
        snprintf(t->hi, sizeof t->hi, "(%s,0)", pg_text(r, i, 4));
        w->left[l - w->o->set->p]++;
    }
    return true;
}

/* -- one chunk -- */

static bool load_inside(struct pg *target, const struct task *t, int64_t *ret_rows, struct err *err)
{
    const struct lens_branch *b = &t->lens->branches[t->branch];
    SCOPED(arena) a = arena_new();
    char no[16], rows[24];
    /* An emptied table gets a new file: with wal_level = minimal its rows then need no WAL. */
    if (t->alone && !pg_execf(target, err, "truncate %s", pg_qualified(a, t->lens->schema, t->lens->name)))
        return false;
    if (!pg_run(target, b->insert, b->by ? PG_ARGS(t->lo, t->hi) : PG_NONE, ret_rows, err))
        return false;
    snprintf(no, sizeof no, "%d", t->no);
    snprintf(rows, sizeof rows, "%" PRId64, *ret_rows);
    /* A killed process may have left a commit on its way: then the rows are there, and these must not be. */
    int64_t marked = 0;
    if (!pg_run(target,
                "update carryover.lens_chunk set done = true, rows = $4::bigint where direction = $1 and"
                " lens = $2 and no = $3::int and not done",
                PG_ARGS(lens_direction_name(t->lens->direction), t->lens->name, no, rows), &marked, err))
        return false;
    return marked == 1 || err_set(err, ERR_TARGET_BUSY, "another process has just loaded this part");
}

static bool load_chunk(struct pg *target, const struct load_opts *o, const struct task *t, struct err *err)
{
    int64_t rows = 0;
    if (!pg_begin(target, err))
        return false;
    if (!load_inside(target, t, &rows, err) || !pg_commit(target, err)) {
        pg_rollback(target);
        return reload_blame(t->lens, err);
    }
    if (o->loaded)
        o->loaded(o->ctx, rows);
    return true;
}

/* -- after the last chunk of a lens -- */

static bool settle(struct pg *target, const struct lens *l, struct err *err)
{
    struct reload_result r = {.more = true};
    while (r.more)
        if (!reload_lens(target, l, false, RELOAD_KEYS_MAX, &r, err))
            return false;
    return true;
}

/* Says how many keys are not unique: the server only names one of them. */
static bool blame_key(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF b = {0};
    struct err other = {0};
    int64_t n = 0;
    if (strcmp(err->sqlstate, "23505") != 0)
        return reload_blame(l, err);
    buf_puts(&b, "select count(*) from (select from ");
    buf_puts(&b, pg_qualified(a, l->schema, l->name));
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(&b, i ? ", " : " group by ");
        name_put(&b, l->key[i]);
    }
    buf_puts(&b, " having count(*) > 1) twice");
    if (pg_value_i64(target, b.p, PG_NONE, &n, &other) && n > 0)
        err_wrap(err, "%" PRId64 " keys of the lens occur more than once", n);
    return reload_blame(l, err);
}

static bool run_job(struct pg *target, const struct lens *l, const char *no, const char *sql, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (pg_exec(target, sql, err) &&
        pg_run(target, "update carryover.lens_job set done = true where direction = $1 and lens = $2 and no = $3::int",
               PG_ARGS(lens_direction_name(l->direction), l->name, no), NULL, err) &&
        pg_commit(target, err))
        return true;
    pg_rollback(target);
    return blame_key(target, l, err);
}

static bool run_jobs(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target,
                  "select no, sql from carryover.lens_job where direction = $1 and lens = $2 and not done"
                  " order by no",
                  PG_ARGS(lens_direction_name(l->direction), l->name), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!run_job(target, l, pg_text(r, i, 0), pg_text(r, i, 1), err))
            return false;
    return true;
}

static bool set_state(struct pg *target, const struct lens *l, const char *set, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "update carryover.lens l set %s where direction = $1 and name = $2", set);
    return pg_run(target, b.p, PG_ARGS(lens_direction_name(l->direction), l->name), NULL, err);
}

static bool set_fresh(struct pg *target, const struct lens *l, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (reload_log_whole(target, l, err) &&
        set_state(target, l, "state = 'fresh', error = '', loaded = clock_timestamp()", err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

static bool finish(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return set_state(target, l,
                     "state = 'indexing', rows = (select coalesce(sum(c.rows), 0) from carryover.lens_chunk c"
                     " where c.direction = l.direction and c.lens = l.name)",
                     err) &&
           reload_prepare(target, l, err) && settle(target, l, err) && run_jobs(target, l, err) &&
           pg_execf(target, err, "analyze %s", pg_qualified(a, l->schema, l->name)) && set_fresh(target, l, err);
}

/* -- workers -- */

static bool work_on(struct pg *target, struct work *w, const struct task *t, struct err *err)
{
    if (!load_chunk(target, w->o, t, err))
        return false;
    if (atomic_fetch_sub(&w->left[t->lens - w->o->set->p], 1) != 1)
        return true;
    log_debug("upgrade.loaded", "%s is loaded, building its indexes", t->lens->name);
    return finish(target, t->lens, err);
}

static void remember(struct pg *target, const struct lens *l, const struct err *err)
{
    struct err other = {0};
    if (err->code == ERR_INTERRUPTED)
        return;
    if (!pg_run(target, "update carryover.lens set error = $3 where direction = $1 and name = $2",
                PG_ARGS(lens_direction_name(l->direction), l->name, err->message), NULL, &other))
        log_debug("upgrade.note", "%s", other.message);
}

/* Wrong data of one lens does not keep the others from being loaded. */
static void note_failure(struct work *w, const struct lens *l, const struct err *err)
{
    if (atomic_exchange(&w->failed[l - w->o->set->p], true))
        return;
    log_warn("upgrade.failed", "%s", err->message);
    pthread_mutex_lock(&w->lock);
    if (w->n_failed++ == 0)
        w->first = *err;
    pthread_mutex_unlock(&w->lock);
}

static bool load_member(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct work *w = ctx;
    SCOPED(pg) target = NULL;
    (void)member;
    if (!pg_open(w->o->uri, "target", &target, err) || !reload_session(target, err))
        return false;
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&w->next, 1);
        if (i >= w->n_tasks)
            return true;
        const struct lens *l = w->tasks[i].lens;
        if (atomic_load(&w->failed[l - w->o->set->p]) || work_on(target, w, &w->tasks[i], err))
            continue;
        remember(target, l, err);
        if (err->code != ERR_LENS_DATA)
            return false;
        note_failure(w, l, err);
        *err = (struct err){0};
    }
    return true;
}

/* Lenses whose chunks were done before a crash, but not what comes after. */
static bool finish_left_over(struct pg *target, const struct lens_set *set, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select name from carryover.lens l where direction = $1 and state in ('loading', 'indexing') and"
                      " not exists (select from carryover.lens_chunk c where c.direction = l.direction and"
                      " c.lens = l.name and not c.done) order by name";
    if (!pg_query(target, sql, PG_ARGS(lens_direction_name(set->direction)), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        const struct lens *l = lens_find(set, pg_text(r, i, 0));
        if (l && !finish(target, l, err))
            return false;
    }
    return true;
}

bool load_run(const struct load_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(pg) target = NULL;
    struct work w = {.o = o, .lock = PTHREAD_MUTEX_INITIALIZER};
    if (!pg_open(o->uri, "target", &target, err) || !reload_session(target, err) ||
        !finish_left_over(target, o->set, err) || !read_tasks(target, &w, a, err))
        return false;
    if (w.n_tasks == 0)
        return true;
    int workers = (int)MIN((size_t)MAX(o->workers, 1), w.n_tasks);
    if (!crew_run(workers, load_member, &w, err))
        return false;
    if (w.n_failed == 0)
        return true;
    *err = w.first;
    if (w.n_failed > 1)
        err_wrap(err, "%d lenses failed (`carryover upgrade status` has all of them), the first", w.n_failed);
    return false;
}
