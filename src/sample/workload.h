/*
 * workload: a live headquarters: writers that run transactions on a sample source, as many or as fast as asked for.
 *
 * What a transaction does is the package's business (functions of the schema `workload` in the database): begin() says
 * of how many parts it consists, part() does one, finish() says whether it commits. Writer, step and seed decide
 * everything, so a run can be repeated. Between parts a writer rests for a moment, so that transactions overlap. Lock
 * conflicts are counted and the next step goes on. Ends after the duration, or cleanly when a stop is requested: what
 * is open is rolled back, and the time of the last commit is kept, for a downtime begins there.
 */
#ifndef SAMPLE_WORKLOAD_H
#define SAMPLE_WORKLOAD_H
#include "base/err.h"
#include <stdint.h>

struct workload_opts {
    const char *uri;
    int writers;         /* at least 1 */
    int64_t rate;        /* transactions a second, all writers together; 0: as fast as possible */
    int64_t duration_ms; /* 0: until a stop is requested */
    uint64_t seed;
    const char *status_path; /* JSON, rewritten once a second and at the end; NULL: none */
};

struct workload_stats {
    int64_t commits, rollbacks;
    int64_t conflicts; /* deadlocks, lock time-outs, serialization failures */
    int64_t errors;    /* everything else that failed */
    int64_t elapsed_us;
    int64_t last_commit_us; /* wall clock, 0: none */
};

/* Runs until its end. A stop on request is a success. Fails when a writer cannot connect at the start, when the
 * database has no workload (ERR_TARGET_STATE), or when one writer fails many times in a row without a commit in
 * between. `ret` is filled in every case. */
bool workload_run(const struct workload_opts *o, struct workload_stats *ret, struct err *err) MUST_CHECK;

/* The figures as a JSON object; `state` is "running", "stopped" or "failed". */
struct buf;
void workload_put_json(struct buf *b, const struct workload_opts *o, const struct workload_stats *s, const char *state);

#endif
