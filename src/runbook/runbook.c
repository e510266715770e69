#include "runbook/runbook.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/suggest.h"
#include "base/thread.h"
#include <pthread.h>
#include <time.h>

#define LANES_MAX 9 /* one for the steps of carryover, the others for tasks */
#define LOOK_MS 50

enum stand { STAND_WAITS, STAND_RUNS, STAND_DONE, STAND_FAILED };

/* A run while it is under way. What is behind `lock` changes under it, and whoever changes it wakes the others. */
struct night {
    const struct runbook *book;
    struct journal *journal;
    void *ctx;
    const struct runbook_watch *watch;
    int64_t run;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    enum stand *stands;
    int *attempts;
    struct runbook_limit limit;
    int may_begin; /* how many more steps; -1: all */
    bool failed;
};

const char *runbook_phase_name(enum runbook_phase p)
{
    switch (p) {
    case PHASE_BEFORE:
        return "before";
    case PHASE_DOWNTIME:
        return "downtime";
    case PHASE_AFTER:
        return "after";
    }
    return "?";
}

const size_t *runbook_needs(const struct runbook *r, size_t i, size_t *ret_one, size_t *ret_n)
{
    const struct runbook_step *s = &r->steps[i];
    *ret_n = s->needs ? s->n_needs : i > 0;
    *ret_one = i ? i - 1 : 0;
    return s->needs ? s->needs : ret_one;
}

bool runbook_find(const struct runbook *r, const char *name, size_t *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char **names = arena_new_array(a, const char *, r->n + 1);
    for (*ret = 0; *ret < r->n; ++*ret) {
        if (strcmp(r->steps[*ret].name, name) == 0)
            return true;
        names[*ret] = r->steps[*ret].name;
    }
    const char *near = suggest_nearest(str_of(name), names, r->n);
    err_set(err, ERR_USAGE, "there is no step %s", name);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

/* --- one step --- */

/* The failure is journaled as well; when that fails too, the step's own failure is the one that counts. */
static bool note_failure(struct night *n, const struct runbook_step *s, struct err *err)
{
    struct err second;
    pthread_mutex_lock(&n->lock);
    if (n->watch->failed)
        n->watch->failed(n->watch->ctx, s, err->message);
    pthread_mutex_unlock(&n->lock);
    if (!journal_add(n->journal, n->run, s->name, "failed", err->message, &second))
        err_wrap(err, "%s (and %s)", s->name, second.message);
    return err_wrap(err, "step %s", s->name);
}

static void tell_begin(struct night *n, const struct runbook_step *s)
{
    pthread_mutex_lock(&n->lock);
    if (n->watch->begin)
        n->watch->begin(n->watch->ctx, s);
    pthread_mutex_unlock(&n->lock);
}

static void tell_end(struct night *n, const struct runbook_step *s, bool before, int64_t us, const char *detail)
{
    pthread_mutex_lock(&n->lock);
    if (n->watch->end)
        n->watch->end(n->watch->ctx, s, before, us, detail);
    pthread_mutex_unlock(&n->lock);
}

static bool act(struct night *n, struct crew *crew, size_t i, struct buf *detail, struct err *err)
{
    const struct runbook_step *s = &n->book->steps[i];
    return s->task ? n->book->perform(n->ctx, crew, s->task, n->attempts[i] + 1, detail, err)
                   : s->action(n->ctx, detail, err);
}

static bool do_step(struct night *n, struct crew *crew, size_t i, struct err *err)
{
    const struct runbook_step *s = &n->book->steps[i];
    SCOPED_BUF detail = {0};
    int64_t start = clock_us();
    if (!cancel_check(err) || !journal_add(n->journal, n->run, s->name, "begin", "", err))
        return false;
    tell_begin(n, s);
    if (!act(n, crew, i, &detail, err))
        return note_failure(n, s, err);
    if (!journal_add(n->journal, n->run, s->name, "done", buf_text(&detail), err))
        return false;
    tell_end(n, s, false, clock_us() - start, buf_text(&detail));
    return true;
}

/* --- where a run stands --- */

/* From here on the steps marked `again` are sealed by one that was begun after them. */
static bool is_sealed(const struct runbook *r, const struct journal_step *states)
{
    size_t last_again = 0;
    for (size_t i = 0; i < r->n; i++)
        last_again = r->steps[i].again ? i : last_again;
    for (size_t i = last_again + 1; i < r->n; i++)
        if (states[i].started && !r->steps[i].task)
            return true;
    return false;
}

static bool read_stands(struct night *n, struct arena *a, struct err *err)
{
    const struct runbook *r = n->book;
    struct journal_step *states = arena_new_array(a, struct journal_step, r->n + 1);
    n->stands = arena_new_array(a, enum stand, r->n + 1);
    n->attempts = arena_new_array(a, int, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        if (!journal_read(n->journal, n->run, r->steps[i].name, a, &states[i], err))
            return false;
    bool sealed = n->limit.most || is_sealed(r, states);
    for (size_t i = 0; i < r->n; i++) {
        bool stale = r->steps[i].again && !sealed && !states[i].skipped;
        n->attempts[i] = states[i].attempts;
        n->stands[i] = states[i].done && !stale ? STAND_DONE : STAND_WAITS;
        if (n->stands[i] == STAND_DONE)
            tell_end(n, &r->steps[i], true, states[i].done_us - states[i].start_us, states[i].detail);
    }
    return true;
}

/* --- who does what --- */

static bool needs_done(const struct night *n, size_t i)
{
    size_t one, count = 0;
    const size_t *needs = runbook_needs(n->book, i, &one, &count);
    for (size_t k = 0; k < count; k++)
        if (n->stands[needs[k]] != STAND_DONE)
            return false;
    return true;
}

static bool may_begin(const struct night *n, size_t i)
{
    return n->stands[i] == STAND_WAITS && needs_done(n, i) &&
           (!n->limit.only || strcmp(n->limit.only, n->book->steps[i].name) == 0);
}

/* Nothing is under way, and nothing can begin. */
static bool is_still(const struct night *n)
{
    for (size_t i = 0; i < n->book->n; i++)
        if (n->stands[i] == STAND_RUNS || may_begin(n, i))
            return false;
    return true;
}

/* The next step that this lane may begin; n when there is none now. `*ret_over`: there will be none any more. */
static size_t next_step(const struct night *n, bool tasks, bool *ret_over)
{
    *ret_over = n->failed || n->may_begin == 0 || is_still(n);
    for (size_t i = 0; i < n->book->n && !*ret_over; i++)
        if ((n->book->steps[i].task != NULL) == tasks && may_begin(n, i))
            return i;
    return n->book->n;
}

static void wait_a_little(struct night *n)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&n->moved, &n->lock, &until);
}

/* Takes a step, waiting until one is free; n when nothing is left for this lane. */
static size_t take_step(struct night *n, bool tasks)
{
    bool over = false;
    pthread_mutex_lock(&n->lock);
    size_t i = next_step(n, tasks, &over);
    while (i == n->book->n && !over) {
        wait_a_little(n);
        n->failed |= cancel_requested();
        i = next_step(n, tasks, &over);
    }
    if (i < n->book->n) {
        n->stands[i] = STAND_RUNS;
        n->may_begin -= n->may_begin > 0;
    }
    pthread_mutex_unlock(&n->lock);
    return i;
}

static void put_back(struct night *n, size_t i, bool ok)
{
    pthread_mutex_lock(&n->lock);
    n->stands[i] = ok ? STAND_DONE : STAND_FAILED;
    n->failed |= !ok;
    pthread_cond_broadcast(&n->moved);
    pthread_mutex_unlock(&n->lock);
}

static bool lane(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct night *n = ctx;
    for (;;) {
        size_t i = take_step(n, number > 0);
        if (i == n->book->n)
            return true;
        bool ok = do_step(n, crew, i, err);
        put_back(n, i, ok);
        if (!ok)
            return false;
    }
}

static int lanes_of(const struct runbook *r)
{
    int n = 1;
    for (size_t i = 0; i < r->n && n < LANES_MAX; i++)
        n += r->steps[i].task != NULL;
    return n;
}

static bool all_done(const struct night *n)
{
    for (size_t i = 0; i < n->book->n; i++)
        if (n->stands[i] != STAND_DONE)
            return false;
    return true;
}

bool runbook_go_on(const struct runbook *r, struct journal *j, int64_t run, const struct runbook_limit *l, void *ctx,
                   const struct runbook_watch *w, bool *ret_ended, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct night n = {
        .book = r, .journal = j, .ctx = ctx, .watch = w, .run = run, .limit = *l, .may_begin = l->most ? l->most : -1};
    pthread_mutex_init(&n.lock, NULL);
    pthread_cond_init(&n.moved, NULL);
    *ret_ended = false;
    bool ok = read_stands(&n, a, err) && crew_run(lanes_of(r), lane, &n, err) && cancel_check(err);
    if (ok && all_done(&n)) {
        *ret_ended = true;
        ok = journal_add(j, run, "", "ended", "", err);
    }
    pthread_cond_destroy(&n.moved);
    pthread_mutex_destroy(&n.lock);
    return ok;
}

static bool find_run(const struct runbook *r, struct journal *j, int64_t *ret_run, struct err *err)
{
    bool ended = true;
    if (!journal_last_run(j, r->kind, ret_run, &ended, err))
        return false;
    return (*ret_run && !ended) || journal_begin(j, r->kind, ret_run, err);
}

bool runbook_run(const struct runbook *r, struct journal *j, void *ctx, const struct runbook_watch *w, int64_t *ret_run,
                 struct err *err)
{
    static const struct runbook_limit all = {0};
    bool ended = false;
    return find_run(r, j, ret_run, err) && runbook_go_on(r, j, *ret_run, &all, ctx, w, &ended, err);
}

/* --- back --- */

static bool undo_step(const struct runbook *r, struct journal *j, int64_t run, const struct runbook_step *s,
                      const struct runbook_leave *leave, void *ctx, struct err *err)
{
    SCOPED_BUF detail = {0};
    bool ok = true;
    if (leave && strcmp(leave->name, s->name) == 0)
        buf_printf(&detail, "left as it is: %s", leave->reason);
    else if (s->task && s->task->undo[0])
        ok = r->revert(ctx, s->task, &detail, err);
    else if (s->undo)
        ok = s->undo(ctx, &detail, err);
    if (!ok)
        return err_wrap(err, "undoing the step %s", s->name);
    return journal_add(j, run, s->name, "undone", buf_text(&detail), err);
}

bool runbook_undo(const struct runbook *r, struct journal *j, int64_t run, size_t to, const struct runbook_leave *leave,
                  void *ctx, const struct runbook_watch *w, struct err *err)
{
    SCOPED(arena) a = arena_new();
    for (size_t i = r->n; i-- > to;) {
        struct journal_step state;
        const struct runbook_step *s = &r->steps[i];
        if (!cancel_check(err) || !journal_read(j, run, s->name, a, &state, err))
            return false;
        if (!state.started)
            continue;
        int64_t start = clock_us();
        if (!undo_step(r, j, run, s, leave, ctx, err))
            return false;
        if (w->end)
            w->end(w->ctx, s, false, clock_us() - start, "undone");
    }
    return true;
}
