/*
 * trail: the changes of a database in use, and what they mean for the lenses that read its tables.
 *
 * After the cutover version N changes by itself, and N-1 is kept alive beside it through the down lenses. The trail
 * reads the target's own change stream, keeps the images of the changed rows for a while in temporary tables, and runs
 * the trackers over tables and images together (see lens/images.h). Images of a batch stay until the stream has passed
 * everything that its trackers could see, and theirs: a row that changes next may have been part of a lens row together
 * with ones that changed before. The position from which a restart reads again lies before the oldest images that are
 * needed; finding a key twice is harmless. State is kept in carryover.trail.
 */
#ifndef REPLICATE_TRAIL_H
#define REPLICATE_TRAIL_H
#include "base/thread.h"
#include "source/source.h"

struct trail_opts {
    const char *uri;         /* the database */
    const char *schema;      /* of the tables that are followed: those for which there are trackers */
    const char *slot;        /* a name of the server */
    const char *publication; /* a name of the database */
    size_t batch_bytes;
    int chain;                                   /* tables that take part in one row of a lens, at most: see retain.h */
    void (*moved)(void *ctx, uint64_t position); /* may be NULL */
    void *ctx;
};

struct trail_position {
    bool exists;
    uint64_t seen; /* what committed before it has left its keys in the logs */
    int64_t transactions;
};

/* Begins when it has not begun, or cannot go on where it was because the slot is gone: REPLICA IDENTITY FULL,
 * publication, slot. What changed before is not in the stream, so every lens that reads the schema is marked to be made
 * anew, unless the database is known to be `untouched`. */
bool trail_begin(const struct trail_opts *o, bool untouched, struct err *err) MUST_CHECK;

/* Follows until a request to stop, ERR_INTERRUPTED, or until the crew it belongs to (NULL: none) ends: then it returns
 * true. Fails with ERR_TARGET_STATE when it has not begun. */
bool trail_run(const struct trail_opts *o, struct crew *crew, struct err *err) MUST_CHECK;

bool trail_position(struct pg *target, struct trail_position *ret, struct err *err) MUST_CHECK;

#endif
