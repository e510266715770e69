/*
 * build: turns what has changed in the tables of N-1 into packages for stores.
 *
 * A run of a job is one transaction with repeatable reads: it takes the window since the job's last run (see
 * changelog), lets the trackers of the channel lenses find the keys that are touched, evaluates the lenses for those,
 * and writes one package for each chain that has rows or keys: whatever happens meanwhile belongs to the next run. A
 * full package is what the lenses say in one snapshot; it may be newer than the version it leads to, since packages
 * carry whole rows. After a kill the run is done again as if it had never begun. One builder at a time on a target.
 */
#ifndef N1_BUILD_H
#define N1_BUILD_H
#include "db/pg.h"
#include <stdint.h>

struct build_opts {
    const char *spool; /* a folder of its own: emptied when it begins */
    int64_t keep_s;    /* packages older than this go; stores that are so far behind get a full one */
};

struct build_result {
    int64_t runs, packages, rows, bytes;
};

/* Prepares the session and the folder. */
bool build_begin(struct pg *target, const struct build_opts *o, struct err *err) MUST_CHECK;

/* Everything that is due now: jobs whose time has come or that were asked for, then full packages that are wished for.
 * A job that fails is noted in n1_job.error and tried again when it is due next; the others go on. Fails when the
 * target or the disk does. */
bool build_due(struct pg *target, const struct build_opts *o, struct build_result *ret, struct err *err) MUST_CHECK;

/* Removes packages and changes that nobody needs any more. */
bool build_purge(struct pg *target, const struct build_opts *o, struct err *err) MUST_CHECK;

#endif
