/*
 * estate: is everything in the stores of N-1 brought to an end, and are all of them taken over?
 *
 * A package's checks (estate/, one SELECT each) return the store and what is under way there, in words; no row means
 * that it is done. `stores` lists the stores that there are.
 */
#ifndef N1_ESTATE_H
#define N1_ESTATE_H
#include "base/checks.h"
#include "conf/package.h"
#include "db/pg.h"

/* Runs a check of the package; without such a file there is nothing to say. Puts the rows as lines "  HOUSTON: ...", at
 * most 20, and yields how many there are. Fails with ERR_PACKAGE when the SQL fails or has other columns. */
bool estate_check(struct pg *target, const struct package *p, const char *name, struct buf *b, int64_t *ret_n,
                  struct err *err) MUST_CHECK;

/* The same for stores of the package's list that nobody has registered. */
bool estate_missing(struct pg *target, const struct package *p, struct buf *b, int64_t *ret_n,
                    struct err *err) MUST_CHECK;

/* Chains of registered stores that have no package yet, and stores that are not at the head of all their chains. The
 * first fails with ERR_TARGET_STATE when a job of theirs does: its packages would never come. */
bool estate_unprepared(struct pg *target, int64_t *ret_chains, struct err *err) MUST_CHECK;
bool estate_behind(struct pg *target, int64_t *ret_stores, int64_t *ret_of, struct err *err) MUST_CHECK;

/* Wishes for a full package of every chain that registered stores will ask for. */
bool estate_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* For each active store: jobs of which it never got a package; that it has not sent anything, and rows of its uploads
 * that are set aside. */
bool estate_unsynced(struct checks *c, struct pg *target, struct err *err) MUST_CHECK;
bool estate_unsent(struct checks *c, struct pg *target, struct err *err) MUST_CHECK;

#endif
