/*
 * reads: which tables the lenses of a package read, from their text alone.
 *
 * A table of the source that no lens reads and that the package does not drop is carried nowhere: its rows would be
 * lost without a word.
 */
#ifndef LENS_READS_H
#define LENS_READS_H
#include "conf/package.h"

/* The names of the tables, and in a package of scripts of those that are copied as they are; NULL-terminated, in the
 * arena. Fails with ERR_PACKAGE when a lens cannot be parsed. */
bool reads_find(const struct package *p, struct arena *a, const char *const **ret, struct err *err) MUST_CHECK;

/* The same of the down lenses: tables of version N whose changes N-1 is told. */
bool reads_find_down(const struct package *p, struct arena *a, const char *const **ret, struct err *err) MUST_CHECK;

/* How many tables the down lens that reads the most has in it, each time counted. */
bool reads_most(const struct package *p, int *ret, struct err *err) MUST_CHECK;

#endif
