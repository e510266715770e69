/*
 * quiet: stores for which there was nothing, so that asking again costs nothing.
 *
 * Most polls find nothing new. What a store would get depends on what it says it has, and on rows that move the epoch
 * (carryover.n1_epoch) in the transaction that changes them; a store that says the same in the same epoch gets the same
 * answer, from memory. Also keeps when a store's last contact was written, so that not every poll writes. Memory is
 * bounded: a store that is forgotten is asked for again. Safe to share between threads.
 */
#ifndef N1_QUIET_H
#define N1_QUIET_H
#include "base/attr.h"
#include "base/str.h"
#include <stdint.h>

struct quiet; /* opaque */

struct quiet *quiet_new(void);
void quiet_free(struct quiet *q);
DEFINE_SCOPED(quiet)

/* After a new connection: the database may be another one now, whose epochs mean something else. */
void quiet_forget(struct quiet *q);

/* True when this store said `at` in this epoch and there was nothing for it. */
bool quiet_is(struct quiet *q, struct str store, struct str at, int64_t epoch);

/* Notes that there was nothing. */
void quiet_note(struct quiet *q, struct str store, struct str at, int64_t epoch);

/* True once in `every_us` for each store: its contact has to be written now. */
bool quiet_contact(struct quiet *q, struct str store, int64_t now_us, int64_t every_us);

#endif
