#include "sample/workload.h"
#include "base/buf.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/thread.h"
#include "db/pg.h"
#include <stdatomic.h>
#include <unistd.h>

#define FAILURES_MAX 30 /* of one writer in a row */
#define STATUS_MS 1000
#define CATCH_UP_US 1000000 /* a writer that fell behind the rate by more does not run after it */
#define NAP_MS 20           /* longest time until a stop is noticed */

/* What all writers share. */
struct run {
    const struct workload_opts *opts;
    int64_t began_us, end_us; /* monotonic; end 0: none */
    atomic_llong commits, rollbacks, conflicts, errors, last_commit_us;
    atomic_int working; /* writers that have not ended */
};

struct writer {
    struct run *run;
    struct crew *crew;
    struct pg *pg; /* NULL: to be connected */
    int number;
    int64_t step;
    struct rand rand;
    int failures; /* in a row */
};

/* What became of one step. */
enum outcome { COMMITTED, ROLLED_BACK, CONFLICT, STOPPED, FAILED };

static bool is_over(const struct run *run, struct crew *crew)
{
    return crew_stopping(crew) || (run->end_us && clock_us() >= run->end_us);
}

/* Sleeps until a moment, or until it is all over. */
static void wait_until(const struct run *run, struct crew *crew, int64_t moment_us)
{
    for (;;) {
        int64_t left_ms = (moment_us - clock_us() + 999) / 1000;
        if (left_ms <= 0 || is_over(run, crew))
            return;
        clock_sleep_ms((int)MIN(left_ms, NAP_MS));
    }
}

/* --- one transaction --- */

static bool call(struct writer *w, const char *sql, int part, PGresult **ret, struct err *err)
{
    char writer[16], step[24], seed[24], number[16];
    snprintf(writer, sizeof writer, "%d", w->number);
    snprintf(step, sizeof step, "%" PRId64, w->step);
    snprintf(seed, sizeof seed, "%" PRId64, (int64_t)w->run->opts->seed);
    snprintf(number, sizeof number, "%d", part);
    const char *values[] = {writer, step, seed, number};
    struct pg_args args = {part ? 4 : 3, values};
    return pg_query(w->pg, sql, args, ret, err);
}

static bool do_parts(struct writer *w, struct err *err)
{
    SCOPED_RESULT parts = NULL;
    if (!call(w, "select workload.begin($1, $2, $3)", 0, &parts, err))
        return false;
    for (int part = 1; part <= pg_i64(parts, 0, 0); part++) {
        SCOPED_RESULT r = NULL;
        clock_sleep_ms((int)rand_below(&w->rand, 3));
        if (!call(w, "select workload.part($1, $2, $3, $4)", part, &r, err))
            return false;
    }
    return true;
}

static bool do_step(struct writer *w, bool *ret_committed, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_begin(w->pg, err) || !do_parts(w, err) || !call(w, "select workload.finish($1, $2, $3)", 0, &r, err))
        return false;
    *ret_committed = pg_bool(r, 0, 0);
    if (*ret_committed)
        return pg_commit(w->pg, err);
    pg_rollback(w->pg);
    return true;
}

static bool is_connected(struct writer *w, struct err *err)
{
    return w->pg || pg_open(w->run->opts->uri, "source", &w->pg, err);
}

static enum outcome try_step(struct writer *w, struct err *err)
{
    bool committed = false;
    if (is_connected(w, err) && do_step(w, &committed, err))
        return committed ? COMMITTED : ROLLED_BACK;
    if (w->pg)
        pg_rollback(w->pg);
    if (w->pg && PQstatus(pg_raw(w->pg)) != CONNECTION_OK) {
        pg_free(w->pg);
        w->pg = NULL;
    }
    if (err->code == ERR_INTERRUPTED)
        return STOPPED;
    return err->code == ERR_SERVER_BUSY ? CONFLICT : FAILED;
}

/* --- one writer --- */

static void note_commit(struct run *run)
{
    long long now = clock_wall_us(), last = atomic_load(&run->last_commit_us);
    atomic_fetch_add(&run->commits, 1);
    while (last < now && !atomic_compare_exchange_weak(&run->last_commit_us, &last, now))
        continue;
}

/* Counts a step; false when the writer has to give up, with the failure left in `err`. */
static bool count(struct writer *w, enum outcome outcome, const struct err *err)
{
    struct run *run = w->run;
    switch (outcome) {
    case COMMITTED:
        note_commit(run);
        w->failures = 0;
        return true;
    case ROLLED_BACK:
        atomic_fetch_add(&run->rollbacks, 1);
        return true;
    case CONFLICT:
        atomic_fetch_add(&run->conflicts, 1);
        return true;
    case STOPPED:
        return true;
    case FAILED:
        break;
    }
    atomic_fetch_add(&run->errors, 1);
    enum log_level level = w->failures++ ? LOG_DEBUG : LOG_WARN;
    log_event(level, "workload.error", "writer %d, step %" PRId64 ": %s", w->number, w->step, err->message);
    if (w->failures < FAILURES_MAX)
        wait_until(run, w->crew, clock_us() + 100000);
    return w->failures < FAILURES_MAX;
}

static bool write_on(struct writer *w, struct err *err)
{
    struct run *run = w->run;
    int64_t gap_us = run->opts->rate ? (int64_t)1000000 * run->opts->writers / run->opts->rate : 0;
    int64_t due = run->began_us + (gap_us ? (int64_t)rand_below(&w->rand, (uint64_t)gap_us) : 0);
    for (w->step = 1; !is_over(run, w->crew); w->step++, due += gap_us) {
        if (gap_us)
            wait_until(run, w->crew, due);
        due = MAX(due, clock_us() - CATCH_UP_US);
        if (is_over(run, w->crew))
            return true;
        if (!count(w, try_step(w, err), err))
            return err_wrap(err, "writer %d failed %d times in a row, the last time", w->number, FAILURES_MAX);
    }
    return true;
}

/* --- the one that watches --- */

static void snapshot(struct run *run, struct workload_stats *s)
{
    *s = (struct workload_stats){.commits = atomic_load(&run->commits),
                                 .rollbacks = atomic_load(&run->rollbacks),
                                 .conflicts = atomic_load(&run->conflicts),
                                 .errors = atomic_load(&run->errors),
                                 .last_commit_us = atomic_load(&run->last_commit_us),
                                 .elapsed_us = clock_us() - run->began_us};
}

void workload_put_json(struct buf *b, const struct workload_opts *o, const struct workload_stats *s, const char *state)
{
    char last[32] = "";
    double seconds = (double)MAX(s->elapsed_us, 1) / 1e6;
    if (s->last_commit_us)
        clock_iso(s->last_commit_us, last);
    buf_printf(b, "{\"state\":\"%s\",\"pid\":%d,\"writers\":%d,\"rate\":%" PRId64, state, (int)getpid(), o->writers,
               o->rate);
    buf_printf(b, ",\"elapsed_s\":%.1f,\"commits\":%" PRId64 ",\"rollbacks\":%" PRId64, seconds, s->commits,
               s->rollbacks);
    buf_printf(b, ",\"conflicts\":%" PRId64 ",\"errors\":%" PRId64, s->conflicts, s->errors);
    buf_printf(b, ",\"commits_per_s\":%.1f,\"last_commit\":", (double)s->commits / seconds);
    buf_printf(b, last[0] ? "\"%s\"}\n" : "null}\n", last);
}

static bool write_status(struct run *run, const char *state, struct err *err)
{
    SCOPED_BUF b = {0};
    struct workload_stats s;
    if (!run->opts->status_path)
        return true;
    snapshot(run, &s);
    workload_put_json(&b, run->opts, &s, state);
    return file_write(run->opts->status_path, buf_str(&b), err);
}

static bool watch(struct run *run, struct crew *crew, struct err *err)
{
    while (!is_over(run, crew) && atomic_load(&run->working) > 0) {
        if (!write_status(run, "running", err))
            return false;
        wait_until(run, crew, clock_us() + STATUS_MS * 1000);
    }
    return true;
}

/* --- all of them --- */

static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct run *run = ctx;
    if (number == run->opts->writers)
        return watch(run, crew, err);
    struct writer w = {.run = run, .crew = crew, .number = number};
    w.rand = rand_seeded(run->opts->seed + (uint64_t)number);
    bool ok = write_on(&w, err);
    pg_free(w.pg);
    atomic_fetch_sub(&run->working, 1);
    return ok;
}

/* One look before the crew starts: no server, or no workload, is said once and at once. */
static bool check_ready(const struct workload_opts *o, struct err *err)
{
    SCOPED(pg) pg = NULL;
    int64_t n = 0;
    if (!pg_open(o->uri, "source", &pg, err) ||
        !pg_value_i64(pg,
                      "select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
                      "where n.nspname = 'workload' and p.proname in ('begin', 'part', 'finish')",
                      PG_NONE, &n, err))
        return false;
    if (n >= 3)
        return true;
    err_set(err, ERR_TARGET_STATE,
            "the source database has no workload: workload.begin(), part() and finish() are missing");
    return err_hint(err, "Make the sample first: carryover sample create.");
}

bool workload_run(const struct workload_opts *o, struct workload_stats *ret, struct err *err)
{
    struct err ignored;
    struct run run = {.opts = o, .began_us = clock_us(), .working = o->writers};
    *ret = (struct workload_stats){0};
    if (!check_ready(o, err))
        return cancel_requested() && err->code == ERR_INTERRUPTED;
    run.end_us = o->duration_ms ? run.began_us + o->duration_ms * 1000 : 0;
    bool ok = crew_run(o->writers + 1, member, &run, err);
    snapshot(&run, ret);
    bool written = write_status(&run, ok ? "stopped" : "failed", ok ? err : &ignored);
    return ok && written;
}
