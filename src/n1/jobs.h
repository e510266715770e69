/*
 * jobs: what stores download, how often it is looked for, and how far every chain of packages has come.
 *
 * Rows in the target, schema carryover: n1_job (one per job of the package: version and snapshot of its last run),
 * n1_subjob (its channel lenses), n1_chain (packages of a job for one group, or for one store), n1_wish (chains that
 * need a full package), n1_package with n1_package_part, and n1_download (what became of a package at a store). The
 * builder (see build) moves jobs and chains on; gateways note what stores do; commands pause, ask and cancel.
 *
 * A job's version counts its runs that found something. A run belongs to a snapshot of the target; the next one takes
 * what is visible in its own and was not in that one.
 */
#ifndef N1_JOBS_H
#define N1_JOBS_H
#include "conf/package.h"
#include "db/pg.h"

/* Makes the tables and takes over the package's jobs, after the channel lenses are installed (carryover.lens), inside
 * the caller's transaction. What jobs have done stays. Logs and triggers are made by changelog_install(). */
bool jobs_take(struct pg *target, const struct package *p, struct err *err) MUST_CHECK;

/* Makes the tables only, for a gateway that is there before anything makes packages. */
bool jobs_make(struct pg *target, struct err *err) MUST_CHECK;

/* True when jobs_take() was ever done on this target. */
bool jobs_prepared(struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* --- what operators ask for; `who` stands in the audit. ERR_JOB_UNKNOWN for a job that does not exist. --- */

/* Runs a job at the builder's next look instead of when it is due. `full`: every store gets a full package. A job of
 * NULL is all of them. */
bool jobs_ask(struct pg *target, const char *who, const char *job, bool full, struct err *err) MUST_CHECK;

/* A paused job is not run, and its packages are not offered. */
bool jobs_pause(struct pg *target, const char *who, const char *job, bool paused, struct err *err) MUST_CHECK;

/* Gives one store a full package of a job, or of all (NULL), whatever it says it has. */
bool jobs_resync(struct pg *target, const char *who, const char *store, const char *job, struct err *err) MUST_CHECK;

/* A package at a store: `cancel` takes it out of the store's way, which gets a full one instead; otherwise it is
 * offered again as if it had never failed. Fails with ERR_DOWNLOAD_UNKNOWN. */
bool jobs_move(struct pg *target, const char *who, const char *store, const char *package, bool cancel,
               struct err *err) MUST_CHECK;

/* --- as text and JSON --- */

bool jobs_put(struct pg *target, bool json, struct buf *b, struct err *err) MUST_CHECK;

/* Packages and what became of them at stores, the latest first; `store` NULL: at all. `all`: also what is applied. */
bool jobs_put_sessions(struct pg *target, const char *store, bool all, bool json, struct buf *b,
                       struct err *err) MUST_CHECK;

#endif
