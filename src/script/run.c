#include "script/run.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "script/attempt.h"
#include <pthread.h>
#include <time.h>

#define FIRST_REST_MS 500
#define REST_GROWS 4
#define REST_MOST_MS 30000
#define LOOK_MS 50
#define SAID_BYTES 400 /* of each failure, in the error that has all of them */

enum stand { STAND_OUT, STAND_WAITS, STAND_RUNS, STAND_DONE, STAND_FAILED };

/* What is behind `lock` changes under it. */
struct work {
    const struct run_opts *o;
    const struct graph *g;
    struct arena *a; /* behind the lock while workers run */
    struct run_result *result;
    bool *chosen;
    enum stand *stands;
    int *tries;
    int64_t *rest_until; /* of clock_us() */
    char **errors;       /* of those that failed for good */
    pthread_mutex_t lock;
    pthread_cond_t moved;
};

/* --- which ones --- */

static bool is_chosen(const struct run_opts *o, const struct graph_node *n)
{
    return n->phase == o->phase && (!o->only || strcmp(o->only, n->name) == 0);
}

static bool refuse_changed(const struct graph_node *n, struct err *err)
{
    err_set(err, ERR_GUARD, "%s was changed after the script was done", n->path);
    return err_hint(
        err,
        "What it did stays as it is: put the file back, or return to the snapshot (`carryover cutover undo --to "
        "snapshot --yes`). If it may run once more: `carryover scripts reset %s --yes`.",
        n->name);
}

static bool take_stand(struct work *w, size_t i, const struct ledger *l, struct err *err)
{
    const struct graph_node *n = &w->g->p[i];
    const struct ledger_row *row = ledger_find(l, n);
    w->chosen[i] = is_chosen(w->o, n);
    if (!w->chosen[i])
        return true;
    w->stands[i] = ledger_settled(row) ? STAND_DONE : STAND_WAITS;
    if (w->stands[i] == STAND_WAITS)
        return true;
    bool skipped = strcmp(row->state, "skipped") == 0;
    w->result->skipped += skipped;
    w->result->before += !skipped;
    return skipped || strcmp(row->digest, n->digest) == 0 || refuse_changed(n, err);
}

/* A company may be new since an earlier phase: the script was done for those that there were. */
static bool was_settled(const struct ledger *l, const struct graph_node *n, bool same_phase)
{
    bool any = false;
    if (ledger_settled(ledger_find(l, n)))
        return true;
    for (size_t i = 0; i < l->n && !same_phase; i++) {
        const struct ledger_row *row = &l->p[i];
        if (strcmp(row->name, n->name) != 0 || strcmp(row->phase, script_phase_name(n->phase)) != 0)
            continue;
        if (!ledger_settled(row))
            return false;
        any = true;
    }
    return any;
}

static bool check_needs(struct work *w, size_t i, const struct ledger *l, struct err *err)
{
    const struct graph_node *n = &w->g->p[i];
    for (size_t k = 0; k < n->n_needs && w->stands[i] == STAND_WAITS; k++) {
        const struct graph_node *other = &w->g->p[n->needs[k]];
        if (w->chosen[n->needs[k]] || was_settled(l, other, graph_same_phase(n, other)))
            continue;
        err_set(err, ERR_TARGET_STATE, "the script %s waits for %s, which is not done", n->name, other->name);
        return err_hint(err, "Run it first: `carryover scripts run --script %s --yes`.", other->name);
    }
    return true;
}

static bool prepare(struct work *w, struct err *err)
{
    SCOPED(pg) target = NULL;
    struct ledger l;
    if (!pg_open(w->o->uri, "target", &target, err) || !ledger_prepare(target, err) ||
        !ledger_read(target, w->a, &l, err))
        return false;
    for (size_t i = 0; i < w->g->n; i++)
        if (!take_stand(w, i, &l, err))
            return false;
    for (size_t i = 0; i < w->g->n; i++)
        if (!check_needs(w, i, &l, err))
            return false;
    return ledger_plan(target, w->g, w->chosen, err);
}

/* --- what is next --- */

static bool is_ready(const struct work *w, size_t i, int64_t now)
{
    const struct graph_node *n = &w->g->p[i];
    if (w->stands[i] != STAND_WAITS || w->rest_until[i] > now)
        return false;
    for (size_t k = 0; k < n->n_needs; k++)
        if (w->chosen[n->needs[k]] && w->stands[n->needs[k]] != STAND_DONE)
            return false;
    return true;
}

/* The ready one with the longest path behind it; n when there is none. */
static size_t best_ready(const struct work *w)
{
    size_t best = w->g->n;
    int64_t now = clock_us();
    for (size_t i = 0; i < w->g->n; i++)
        if (is_ready(w, i, now) && (best == w->g->n || w->g->p[i].ahead_us > w->g->p[best].ahead_us))
            best = i;
    return best;
}

/* Nothing runs and nothing rests: what still waits, waits for something that has failed. */
static bool is_over(const struct work *w)
{
    for (size_t i = 0; i < w->g->n; i++)
        if (w->stands[i] == STAND_RUNS || (w->stands[i] == STAND_WAITS && w->rest_until[i]))
            return false;
    return true;
}

static void wait_a_little(struct work *w)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&w->moved, &w->lock, &until);
}

static size_t take(struct work *w, struct crew *crew)
{
    pthread_mutex_lock(&w->lock);
    size_t i = best_ready(w);
    while (i == w->g->n && !is_over(w) && !crew_stopping(crew)) {
        wait_a_little(w);
        i = best_ready(w);
    }
    if (crew_stopping(crew))
        i = w->g->n;
    if (i < w->g->n) {
        w->stands[i] = STAND_RUNS;
        w->rest_until[i] = 0;
        w->tries[i]++;
    }
    pthread_mutex_unlock(&w->lock);
    return i;
}

/* --- after it --- */

/* What the server could not make sense of does not get better by itself. */
static bool may_help(const struct err *why)
{
    return strncmp(why->sqlstate, "42", 2) != 0 && why->code != ERR_PACKAGE;
}

static int64_t rest_us(const struct work *w, int tries)
{
    int64_t ms = w->o->first_rest_ms ? w->o->first_rest_ms : FIRST_REST_MS;
    for (int i = 1; i < tries && ms < REST_MOST_MS; i++)
        ms *= REST_GROWS;
    return MIN(ms, REST_MOST_MS) * 1000;
}

static void settle(struct work *w, size_t i, const struct attempt *t, const struct err *why)
{
    const struct graph_node *n = &w->g->p[i];
    pthread_mutex_lock(&w->lock);
    w->stands[i] = why ? STAND_FAILED : STAND_DONE;
    if (!why) {
        w->result->done++;
        if (w->o->done)
            w->o->done(w->o->ctx, n, clock_us() - t->start_us);
    } else if (why->code == ERR_INTERRUPTED) {
        w->stands[i] = STAND_WAITS;
    } else if (w->tries[i] <= n->retries && may_help(why)) {
        w->stands[i] = STAND_WAITS;
        w->rest_until[i] = clock_us() + rest_us(w, w->tries[i]);
        log_warn("script.retry", "%s is tried again (%d of %d): %s", graph_label(w->a, n), w->tries[i], n->retries,
                 why->message);
    } else {
        w->errors[i] = arena_printf(w->a, "%s: %s", graph_label(w->a, n), why->message);
        log_warn("script.failed", "%s", w->errors[i]);
    }
    pthread_cond_broadcast(&w->moved);
    pthread_mutex_unlock(&w->lock);
}

static bool do_node(struct work *w, struct pg **target, size_t i, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct attempt t = {.target = *target, .node = &w->g->p[i], .a = a};
    struct err why;
    bool ok = attempt_make(&t, w->o->who, &why), kept = true;
    if (!ok) {
        bool stopped = why.code == ERR_INTERRUPTED;
        kept = attempt_note(&t, w->o->uri, &why, err);
        if (kept && stopped) {
            *err = why;
            kept = false;
        }
    }
    *target = t.target;
    settle(w, i, &t, ok ? NULL : &why);
    buf_done(&t.said);
    return kept;
}

static bool work_on(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct work *w = ctx;
    struct pg *target = NULL;
    bool ok = true;
    (void)member;
    for (size_t i = take(w, crew); ok && i < w->g->n; i = ok ? take(w, crew) : w->g->n)
        ok = (target || pg_open(w->o->uri, "target", &target, err)) && do_node(w, &target, i, err);
    pg_free(target);
    return ok;
}

/* --- all of them --- */

static void count_rest(struct work *w)
{
    for (size_t i = 0; i < w->g->n; i++) {
        w->result->failed += w->stands[i] == STAND_FAILED;
        w->result->blocked += w->stands[i] == STAND_WAITS;
    }
}

static bool complain(struct work *w, struct err *err)
{
    SCOPED_BUF all = {0};
    for (size_t i = 0; i < w->g->n; i++)
        if (w->errors[i])
            buf_printf(&all, "%s%.*s", all.n ? "; " : "", SAID_BYTES, w->errors[i]);
    if (w->result->blocked)
        buf_printf(&all, " (%zu more wait for that)", w->result->blocked);
    const char *phase = script_phase_name(w->o->phase);
    return err_set(err, ERR_SCRIPT_FAILED, "%zu of the %s scripts failed: %s", w->result->failed, phase,
                   buf_text(&all));
}

static size_t how_many(const struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->g->n; i++)
        n += w->stands[i] == STAND_WAITS;
    return n;
}

static void make_room(struct work *w)
{
    size_t n = w->g->n + 1;
    w->chosen = arena_new_array(w->a, bool, n);
    w->stands = arena_new_array(w->a, enum stand, n);
    w->tries = arena_new_array(w->a, int, n);
    w->rest_until = arena_new_array(w->a, int64_t, n);
    w->errors = arena_new_array(w->a, char *, n);
}

bool run_phase(const struct run_opts *o, struct run_result *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct work w = {.o = o, .g = o->graph, .a = a, .result = ret};
    *ret = (struct run_result){0};
    make_room(&w);
    if (!prepare(&w, err))
        return false;
    size_t n = how_many(&w);
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.moved, NULL);
    bool ok = n == 0 || crew_run((int)MIN((size_t)MAX(o->workers, 1), n), work_on, &w, err);
    pthread_cond_destroy(&w.moved);
    pthread_mutex_destroy(&w.lock);
    count_rest(&w);
    if (!ok)
        return false;
    return (ret->failed == 0 && ret->blocked == 0) || complain(&w, err);
}
