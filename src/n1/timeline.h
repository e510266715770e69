/*
 * timeline: notices that the target is not the database that it was: restored from a backup, failed over, copied.
 *
 * Versions of packages and snapshots of jobs mean something only where they were made. A restored headquarters would
 * give the same versions once more, with other rows in them, to stores that went further with the one that is lost. So
 * the place is kept in the target: system identifier and timeline of the cluster, and the database. When it is another
 * one, every job goes on with a version above all that were ever given (the seconds of the clock: a job has at most one
 * version a second), and every store gets full packages.
 */
#ifndef N1_TIMELINE_H
#define N1_TIMELINE_H
#include "db/pg.h"

/* Makes the table; see jobs_take(). */
bool timeline_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* Once after connecting, before anything is made. One transaction. */
bool timeline_check(struct pg *target, struct err *err) MUST_CHECK;

#endif
