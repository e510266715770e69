/*
 * follow: the change stream into the target, until somebody says stop.
 *
 * One thread receives and folds, another applies: while a batch is written the next one grows, so that batches become
 * larger, and cheaper per change, the further behind the replica is. Between batches it does what the control row asks:
 * stand still, go on to an exact position, report a position at once.
 */
#ifndef REPLICATE_FOLLOW_H
#define REPLICATE_FOLLOW_H
#include "replicate/plan.h"

struct follow_opts {
    const char *target_uri;
    size_t batch_bytes; /* most memory of changes waiting */
    uint64_t from;      /* position to start at */
    uint64_t until;     /* end when everything before it is applied; 0: never */
    void (*watch)(void *ctx, uint64_t applied, uint64_t source_end,
                  int64_t transactions); /* about once a second; may be NULL */
    void *ctx;
};

/* Returns true when `until` is reached, and fails with ERR_INTERRUPTED on a request to stop. */
bool follow_run(struct source *s, const struct plan *p, const struct follow_opts *o, struct err *err) MUST_CHECK;

#endif
