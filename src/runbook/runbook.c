#include "runbook/runbook.h"
#include "base/cancel.h"
#include "base/clock.h"

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

/* The failure is journaled as well; when that fails too, the step's own failure is the one that counts. */
static bool note_failure(struct journal *j, int64_t run, const struct runbook_step *s, struct err *err)
{
    struct err second;
    if (!journal_add(j, run, s->name, "failed", err->message, &second))
        err_wrap(err, "%s (and %s)", s->name, second.message);
    return err_wrap(err, "step %s", s->name);
}

static bool do_step(struct journal *j, int64_t run, const struct runbook_step *s, void *ctx,
                    const struct runbook_watch *w, struct err *err)
{
    SCOPED_BUF detail = {0};
    int64_t start = clock_us();
    if (!cancel_check(err) || !journal_add(j, run, s->name, "begin", "", err))
        return false;
    if (w->begin)
        w->begin(w->ctx, s);
    if (!s->action(ctx, &detail, err))
        return note_failure(j, run, s, err);
    if (!journal_add(j, run, s->name, "done", buf_text(&detail), err))
        return false;
    if (w->end)
        w->end(w->ctx, s, false, clock_us() - start, buf_text(&detail));
    return true;
}

static bool find_run(const struct runbook *r, struct journal *j, int64_t *ret_run, struct err *err)
{
    bool ended = true;
    if (!journal_last_run(j, r->kind, ret_run, &ended, err))
        return false;
    return (*ret_run && !ended) || journal_begin(j, r->kind, ret_run, err);
}

/* From here on the steps marked `again` are sealed by one that was begun after them; 0 when none is. */
static bool find_seal(const struct runbook *r, struct journal *j, int64_t run, size_t *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    size_t last_again = 0;
    *ret = 0;
    for (size_t i = 0; i < r->n; i++)
        last_again = r->steps[i].again ? i : last_again;
    for (size_t i = last_again + 1; i < r->n; i++) {
        struct journal_step state;
        if (!journal_read(j, run, r->steps[i].name, a, &state, err))
            return false;
        *ret = state.started ? i : *ret;
    }
    return true;
}

bool runbook_run(const struct runbook *r, struct journal *j, void *ctx, const struct runbook_watch *w, int64_t *ret_run,
                 struct err *err)
{
    SCOPED(arena) a = arena_new();
    size_t seal = 0;
    if (!find_run(r, j, ret_run, err) || !find_seal(r, j, *ret_run, &seal, err))
        return false;
    for (size_t i = 0; i < r->n; i++) {
        struct journal_step state;
        if (!journal_read(j, *ret_run, r->steps[i].name, a, &state, err))
            return false;
        bool stale = r->steps[i].again && seal == 0;
        if ((!state.done || stale) && !do_step(j, *ret_run, &r->steps[i], ctx, w, err))
            return false;
        if (state.done && !stale && w->end)
            w->end(w->ctx, &r->steps[i], true, state.done_us - state.start_us, state.detail);
    }
    return journal_add(j, *ret_run, "", "ended", "", err);
}
