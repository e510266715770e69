/*
 * extras: the indexes that a package wants on the replica, out of its schema/old_indexes.sql.
 */
#ifndef REPLICATE_EXTRAS_H
#define REPLICATE_EXTRAS_H
#include "conf/package.h"
#include "replicate/plan.h"

/* The CREATE INDEX statements of the file, one by one with the table each belongs to. A package without the file has
 * none. Fails with ERR_PACKAGE (file and line) when it holds anything else. */
bool extras_read(const struct package *p, struct arena *a, struct plan_extras *ret, struct err *err) MUST_CHECK;

#endif
