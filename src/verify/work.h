/*
 * work: the jobs of a proof, shared out among workers that all see the same moment.
 *
 * Jobs are independent of each other and are taken largest first. A job that fails ends the proof; a difference that it
 * finds does not.
 */
#ifndef VERIFY_WORK_H
#define VERIFY_WORK_H
#include "base/vec.h"
#include "verify/moment.h"
#include "verify/report.h"

/* What a worker gives to a job: its own connections. `source` is NULL when the source is not looked at. */
struct work_hands {
    struct pg *source, *target;
};

typedef bool work_fn(void *ctx, const struct work_hands *hands, struct err *err);

struct work_job {
    work_fn *fn;
    void *ctx;
    int64_t weight;             /* larger ones begin first */
    struct report_check *check; /* its time is counted here */
};

struct work {
    VEC(struct work_job) jobs;
};

void work_add(struct work *w, work_fn *fn, void *ctx, int64_t weight, struct report_check *check);
void work_done(struct work *w);

/* Does all jobs, then forgets them. */
bool work_run(struct work *w, struct moment *m, struct report *r, const char *label, struct err *err) MUST_CHECK;

#endif
