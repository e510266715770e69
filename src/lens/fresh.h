/*
 * fresh: keeps loaded lenses fresh while replication goes on.
 *
 * A pass reloads every lens that has dirty keys, several at a time. After a pass that began when no more changes came,
 * every table equals its lens. A lens whose data cannot be brought over is reported in its state and tried again when
 * it gets new marks; the others go on.
 */
#ifndef LENS_FRESH_H
#define LENS_FRESH_H
#include "base/thread.h"
#include "lens/lens.h"

struct fresh; /* opaque: connections of the workers */

struct fresh_result {
    int64_t keys, changed;
    size_t lenses; /* that had something to do */
    size_t failed;
};

/* Opens `workers` connections. */
bool fresh_open(const char *uri, const struct lens_set *set, int workers, struct fresh **ret,
                struct err *err) MUST_CHECK;
void fresh_free(struct fresh *f);
DEFINE_SCOPED(fresh)

/* One pass over all lenses that are loaded. Fails when the target fails, or with ERR_LENS_DATA when a lens does and
 * `tolerant` is off. */
bool fresh_pass(struct fresh *f, bool tolerant, struct fresh_result *ret, struct err *err) MUST_CHECK;

/* Passes until a stop is requested, ERR_INTERRUPTED, or until the crew it belongs to (NULL: none) ends: then it returns
 * true. `each` is called after each pass that did something. */
bool fresh_loop(struct fresh *f, struct crew *crew, void (*each)(void *ctx, const struct fresh_result *r), void *ctx,
                struct err *err) MUST_CHECK;

#endif
