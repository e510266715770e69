/*
 * run: does the scripts of one phase on a target, each exactly once, as many at a time as there are workers.
 *
 * A script is one transaction, in which it is also noted as done (ledger.h): killed at any instant and run again, it
 * goes on with what was not done. A failure is tried again after a rest that grows; what then still fails stops only
 * what waits for it. Nothing of this knows what is in the scripts.
 */
#ifndef SCRIPT_RUN_H
#define SCRIPT_RUN_H
#include "script/ledger.h"

struct run_opts {
    const char *uri; /* of the target */
    const struct graph *graph;
    enum script_phase phase;
    const char *only; /* the name of the only script to run; NULL: all of the phase */
    int workers;
    const char *who;                                                 /* for the ledger */
    int first_rest_ms;                                               /* before the second attempt; 0: as it is meant */
    void (*done)(void *ctx, const struct graph_node *n, int64_t us); /* from any worker, one at a time; may be NULL */
    void *ctx;
};

struct run_result {
    size_t done;    /* now */
    size_t before;  /* were done already */
    size_t skipped; /* somebody has said that they shall not be run */
    size_t failed, blocked;
};

/* Runs them. Fails with ERR_SCRIPT_FAILED naming all that failed, ERR_GUARD when the file of a script that is done has
 * changed since, ERR_TARGET_STATE when one waits for a script of another phase that is not done. `ret` is filled as far
 * as it came. */
bool run_phase(const struct run_opts *o, struct run_result *ret, struct err *err) MUST_CHECK;

#endif
