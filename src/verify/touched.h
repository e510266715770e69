/*
 * touched: which rows changed since a proof: logs of keys in the target, filled by replication and by the upgrade.
 *
 * Replication runs a tracker of ours for each table (see db/target.h): it puts the keys of every changed row into
 * carryover."touched:<table>", in the transaction that applies the change. The upgrade does the same with the lens keys
 * that it reloads (carryover."reloaded_<lens>"). A table that was emptied, or made anew as a whole, is noted in
 * carryover.touched_whole. Each entry carries the transaction that made it, so that "since the proof" means exactly:
 * not visible in the proof's snapshot. The logs begin before the first proof takes its snapshot and only green proofs
 * shorten them.
 */
#ifndef VERIFY_TOUCHED_H
#define VERIFY_TOUCHED_H
#include "verify/proof.h"

/* Makes the logs and trackers of the tables, where they are missing; they count from its return. */
bool touched_install(struct pg *target, const struct table_list *tables, struct err *err) MUST_CHECK;

/* Tables of a schema ("old", "hq") that were touched as a whole since the snapshot `xids`; names are the keys of the
 * map. */
bool touched_whole(struct pg *pg, const char *schema, const char *xids, struct arena *a, struct map *ret,
                   struct err *err) MUST_CHECK;

/* The log of a replicated table, quoted. */
char *touched_log(struct arena *a, const char *table);

/* Told keys, as one array literal per key column, a slice at a time. */
typedef bool touched_fn(void *ctx, const char *const *keys, size_t n_rows, struct err *err);

/* Hands out the distinct keys that a log got since the snapshot, but those for which `except` (an SQL condition on `t`,
 * or NULL) is true. */
bool touched_each(struct pg *pg, const char *log, const char *const *key, size_t n_key, const char *xids,
                  const char *except, touched_fn *fn, void *ctx, struct err *err) MUST_CHECK;

/* Forgets the entries that a green proof with this snapshot has covered. */
bool touched_forget(struct pg *target, const char *xids, struct err *err) MUST_CHECK;

#endif
