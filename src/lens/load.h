/*
 * load: fills the tables of all lenses, in parallel and resumable.
 *
 * A lens is cut by pages of one of its tables; a chunk is recorded as done in the transaction that wrote its rows, so a
 * killed load redoes only what was not finished. After its last chunk a lens gets its indexes and constraints, its
 * statistics and the state "fresh". Changes that replication applies meanwhile are in the dirty log; rows that moved
 * between two chunks are made single from it before the key is built.
 */
#ifndef LENS_LOAD_H
#define LENS_LOAD_H
#include "lens/lens.h"

struct load_opts {
    const char *uri; /* of the target */
    const struct lens_set *set;
    int workers;
    int64_t chunk_bytes;                     /* about how much of a table is one chunk */
    void (*loaded)(void *ctx, int64_t rows); /* called from any worker as rows get done; may be NULL */
    void *ctx;
};

/* Cuts lenses into chunks that have none yet. `ret_rows` (may be NULL) is an estimate of the rows still to load. */
bool load_plan(struct pg *target, const struct load_opts *o, int64_t *ret_rows, struct err *err) MUST_CHECK;

/* Loads everything that is not loaded. Fails with ERR_LENS_DATA naming the lens; others may be loaded by then. */
bool load_run(const struct load_opts *o, struct err *err) MUST_CHECK;

#endif
