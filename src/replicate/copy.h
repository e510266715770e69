/*
 * copy: the snapshot's rows and the indexes, by several workers at once.
 *
 * Units of work are chunks (one key range of one table) and indexes; the next free one of the largest table comes
 * first, and an index as soon as its table is whole. A chunk is marked done in the transaction that wrote it, an index
 * in the one that built it, so that after a crash only what was not finished is done again.
 */
#ifndef REPLICATE_COPY_H
#define REPLICATE_COPY_H
#include "replicate/plan.h"

/* Told after every finished unit, from any worker, one at a time. */
struct copy_progress {
    void *ctx;
    void (*chunk)(void *ctx, const struct plan_chunk *c, int64_t rows, int64_t bytes, int64_t us);
    void (*index)(void *ctx, const struct plan_index *i, int64_t us);
};

struct copy_opts {
    const char *target_uri;
    int workers;
    const struct source_snapshot *snapshot; /* NULL when no chunk is left */
    bool consistent;                        /* unique indexes of tables with parts of two snapshots may be built */
    const struct copy_progress *progress;   /* may be NULL */
};

/* Copies every chunk that is not done and builds every index that may be built. */
bool copy_run(struct source *s, struct plan *p, const struct copy_opts *o, struct err *err) MUST_CHECK;

#endif
