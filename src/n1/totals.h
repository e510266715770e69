/*
 * totals: what stores say they have sold, beside what headquarters counts.
 *
 * A store sends, with its packages, what it counts for each terminal and day; the last word of it is in
 * carryover.n1_total. The package's uploads/totals.sql counts the same in the tables of version N: it sees the days in
 * question in the temporary table `counted` (store, terminal, day), and yields these three and then numbers with the
 * names that stores use. Names that only one side knows are left alone.
 */
#ifndef N1_TOTALS_H
#define N1_TOTALS_H
#include "conf/package.h"
#include "db/pg.h"

/* Compares all days of a store, or of all (NULL). `ret_differ` gets how many numbers differ by more than the tolerance
 * that totals.sql names. Fails with ERR_PACKAGE when the package has no such file. */
bool totals_put(struct pg *target, const struct package *p, const char *store, bool json, struct buf *b,
                int64_t *ret_differ, struct err *err) MUST_CHECK;

#endif
