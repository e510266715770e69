/*
 * sums: what the store says it has sold, per terminal and business day, by the package's store/totals.sql.
 *
 * The query has the columns terminal and day, then any sums; of every table T that goes up it may use :after_t and
 * :to_t (the name in lower case): counters above the first, up to the second, are what is being sent. It yields the
 * days that have rows among these, each with everything up to them.
 */
#ifndef STORE_SUMS_H
#define STORE_SUMS_H
#include "net/parcel.h"
#include "store/channel.h"

/* Totals for these tables of an upload, in the arena. A package without totals.sql has none. Fails with ERR_PACKAGE
 * when the query is wrong. */
bool sums_read(struct channel *c, const struct parcel_table *tables, size_t n, struct arena *a,
               const struct parcel_total **ret, size_t *ret_n, struct err *err) MUST_CHECK;

#endif
