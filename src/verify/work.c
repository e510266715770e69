#include "verify/work.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/thread.h"

struct run {
    struct work *work;
    struct moment *moment;
    struct report *report;
    struct progress *bar;
    atomic_size_t next;
};

void work_add(struct work *w, work_fn *fn, void *ctx, int64_t weight, struct report_check *check)
{
    *vec_push(&w->jobs) = (struct work_job){fn, ctx, weight, check};
}

void work_done(struct work *w)
{
    vec_done(&w->jobs);
}

static int by_weight(const void *x, const void *y)
{
    const struct work_job *a = x, *b = y;
    return (a->weight < b->weight) - (a->weight > b->weight);
}

static bool do_job(struct run *run, const struct work_job *job, const struct work_hands *hands, struct err *err)
{
    int64_t start = clock_us();
    progress_note(run->bar, "%s", job->check->name);
    if (!job->fn(job->ctx, hands, err))
        return false;
    report_spent(run->report, job->check, clock_us() - start);
    progress_add(run->bar, 1);
    return true;
}

static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct run *run = ctx;
    struct work_hands hands = {moment_source(run->moment, number), moment_target(run->moment, number)};
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= run->work->jobs.n)
            return true;
        if (!do_job(run, &run->work->jobs.p[i], &hands, err))
            return false;
    }
    return true;
}

bool work_run(struct work *w, struct moment *m, struct report *r, const char *label, struct err *err)
{
    SCOPED(progress) bar = progress_new(label, PROGRESS_STEPS, (int64_t)w->jobs.n);
    struct run run = {.work = w, .moment = m, .report = r, .bar = bar};
    if (w->jobs.n)
        qsort(w->jobs.p, w->jobs.n, sizeof *w->jobs.p, by_weight);
    bool ok = w->jobs.n == 0 || crew_run(moment_workers(m), member, &run, err);
    w->jobs.n = 0;
    return ok;
}
