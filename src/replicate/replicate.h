/*
 * replicate: a live source into the replica in the target: snapshot, indexes, then changes, resumable at any instant.
 *
 * Every state is in the target, in the transaction that made it true. Running it again goes on where it was: ranges
 * that are copied stay copied even when the snapshot they came from is gone (the changes since then make all parts
 * agree, see docs/adr), and the stream goes on behind the last applied commit. For the same reason it can go on by
 * itself when a server was restarted or a connection was cut: everything is opened again and read from the target.
 */
#ifndef REPLICATE_REPLICATE_H
#define REPLICATE_REPLICATE_H
#include "replicate/copy.h"

struct replicate_opts {
    struct source_opts source;
    const char *target_uri;
    const char *who; /* runs it: for the state of the target; NULL: "replication" */
    int workers;
    int64_t chunk_bytes;
    int64_t batch_bytes;
    int64_t retry_ms; /* how long to try again when a server is away, before giving up; 0: not at all */
    uint64_t until;   /* end when this position is applied; 0: never */
    bool made;        /* the tables are on the target already, empty: types and tables are not made */
    bool adopted;     /* ... and have the rows of now, with their indexes: nothing is copied, only changes come */
    bool only_copy;   /* end when the snapshot is copied and indexed */
};

/* What a person wants to see while it runs; any member may be NULL. Calls come one at a time. */
struct replicate_watch {
    void *ctx;
    void (*planned)(void *ctx, const struct plan *p, bool resumed); /* again after a lost connection */
    struct copy_progress copy;
    void (*following)(void *ctx);
    void (*position)(void *ctx, uint64_t applied, uint64_t source_end, int64_t transactions);
};

/* Looks at everything that has to be right before anything is touched: the source, its tables, the target. Problems
 * are listed, not failed on. `ret_tables` tells how each table would be replicated. */
bool replicate_check(const struct replicate_opts *o, struct arena *a, struct table_list *ret_tables,
                     struct source_problems *ret, struct err *err) MUST_CHECK;

/* Does whatever is left of the snapshot, then follows. Returns true at opts->until; fails with ERR_INTERRUPTED on a
 * request to stop. */
bool replicate_run(const struct replicate_opts *o, const struct replicate_watch *w, struct err *err) MUST_CHECK;

/* Copies the tables that the stream cannot follow, once more, at what the source holds now; for the silent source of a
 * cutover. `at` (may be NULL): a snapshot that stands for silence. Trackers of their lenses are told to load anew. */
bool replicate_copy_keyless(const struct replicate_opts *o, const struct source_snapshot *at, int *ret_tables,
                            struct err *err) MUST_CHECK;

/* Removes the slot and publication from the source and the replica with all state from the target. */
bool replicate_reset(const struct replicate_opts *o, struct err *err) MUST_CHECK;

#endif
