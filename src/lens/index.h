/*
 * index: the indexes that the lenses need on the replica of N-1, beyond those that the source has.
 *
 * They lead from a changed row to the keys of the lenses that it touches, so they are built before trackers are
 * published; replication waits for a table only while its index is built.
 */
#ifndef LENS_INDEX_H
#define LENS_INDEX_H
#include "conf/package.h"

/* Makes the helper functions of a package and builds the indexes of schema/old_indexes.sql that are missing, `workers`
 * at a time, before any tracker needs them. */
bool index_build(const char *uri, const struct package *p, int workers, struct err *err) MUST_CHECK;

#endif
