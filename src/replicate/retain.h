/*
 * retain: which batches of a trail still have images that later trackers may need.
 *
 * The trackers of a batch saw the tables as they were when they ran: everything up to the batch's horizon. A change
 * that comes later in the stream, but lies before the horizon, was seen already, so its row may have been part of a
 * lens row together with rows of this batch: their images are needed until the stream has passed the horizon. By then
 * other batches have horizons of their own, and a row that changed in one of them may have met rows of the first in the
 * same lens row: so it goes on, once for each table that takes part in one row of a lens. Pure.
 */
#ifndef REPLICATE_RETAIN_H
#define REPLICATE_RETAIN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RETAIN_MAX 256

struct retained {
    int64_t no;        /* of the batch */
    uint64_t position; /* behind it */
    uint64_t horizon;  /* its trackers saw nothing that committed behind this */
};

struct retain {
    struct retained p[RETAIN_MAX];
    size_t n;
    int chain; /* tables that take part in one row of a lens, at most */
};

/* Adds the next batch. Where there is no room it becomes one with the last, kept as long as the later of them. */
void retain_add(struct retain *r, struct retained batch);

/* Takes out the batches that nobody needs once the stream was seen up to `seen`; false when there is none. `*ret_last`
 * is the last of them. */
bool retain_release(struct retain *r, uint64_t seen, struct retained *ret_last);

#endif
