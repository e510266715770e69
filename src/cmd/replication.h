/*
 * replication: what several commands need to know of a project's source and replica.
 */
#ifndef CMD_REPLICATION_H
#define CMD_REPLICATION_H
#include "conf/project.h"
#include "replicate/replicate.h"

#define REPLICATION_JOB "replicate" /* lock and log of the process that follows */
#define UPGRADE_JOB "upgrade"       /* and of the one that keeps version N fresh */

/* How the project's source is read. Starts private servers that are needed. Strings belong to the arena. */
bool replication_source(struct project *p, struct arena *a, struct source_opts *ret, struct err *err) MUST_CHECK;

/* Everything that replicate_run() wants, from the project's settings and package. */
bool replication_opts(struct project *p, struct arena *a, struct replicate_opts *ret, struct err *err) MUST_CHECK;

/* Workers as the setting says: 0 is one per processor. */
int replication_workers(const struct project *p);

/* Fails with ERR_FINGERPRINT when the source lacks a table or column that the package requires. */
bool replication_check_fingerprint(const struct package *package, const struct table_list *tables,
                                   struct err *err) MUST_CHECK;

#endif
