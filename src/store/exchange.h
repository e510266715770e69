/*
 * exchange: the rows of one table of a package, gathered beside the table and exchanged as a set.
 *
 * Belongs to apply, and lives in its transaction: temporary tables take the rows and the keys that went; exchanging
 * deletes the old rows and inserts the new ones. All names come from the database itself.
 */
#ifndef STORE_EXCHANGE_H
#define STORE_EXCHANGE_H
#include "net/parcel.h"
#include "store/channel.h"

struct exchange; /* opaque */

/* Prepares for a table of the manifest. `max_values` values are in its lines. Fails with ERR_APPLY_FAILED when the
 * store has no such table or it is not for headquarters to change. */
bool exchange_new(struct channel *c, const struct parcel_table *t, struct exchange **ret, struct err *err) MUST_CHECK;
void exchange_free(struct exchange *s);
DEFINE_SCOPED(exchange)

/* Takes a line of N.rows, or of N.keys. */
bool exchange_row(struct exchange *s, struct str line, struct err *err) MUST_CHECK;
bool exchange_key(struct exchange *s, struct str line, struct err *err) MUST_CHECK;

/* Brings the rows into the table and drops what was staged. */
bool exchange_finish(struct exchange *s, struct err *err) MUST_CHECK;

#endif
