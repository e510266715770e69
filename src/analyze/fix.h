/*
 * fix: the script of a rule, run on the source: the only thing in an analysis that writes there.
 *
 * A script is one or several statements. One that has `:chunk` in it touches at most that many rows and is repeated,
 * each time in a transaction of its own, until it touches none; one without is run once. It can be interrupted and run
 * again at any time: what is done is done and noted in the history, chunk by chunk. A lock that does not come within
 * five seconds, or a row that something else refers to, ends it with ERR_FIX and the number of the chunk.
 */
#ifndef ANALYZE_FIX_H
#define ANALYZE_FIX_H
#include "analyze/analyze.h"
#include "analyze/runs.h"

struct fix_opts {
    const char *uri;
    const struct package *package;
    const char *rule; /* id */
    const char *by;   /* who */
    int64_t chunk;    /* rows of a transaction at most */
    int timeout_ms;   /* of one chunk, 0: none */
};

struct fix_result {
    int64_t rows, chunks;
};

/* The script as it would run, in the arena. Fails with ERR_USAGE when the package has no such rule, or no script for
 * it. */
bool fix_script(const struct package *p, const char *rule, int64_t chunk, struct arena *a, const char **ret,
                struct err *err) MUST_CHECK;

/* Runs it. `ret` is what was done, also after a failure. */
bool fix_apply(const struct fix_opts *o, struct runs *runs, struct fix_result *ret, struct err *err) MUST_CHECK;

#endif
