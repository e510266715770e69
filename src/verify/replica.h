/*
 * replica: the tables of the replica against those of the source.
 */
#ifndef VERIFY_REPLICA_H
#define VERIFY_REPLICA_H
#include "verify/proof.h"

/* Finds the replicated tables that are on the source as they were when replication was planned, and those that are
 * not: changed, gone, or new. */
bool replica_tables(struct proof *p, struct err *err) MUST_CHECK;

/* A failed check for each of the latter. */
void replica_report_drift(struct proof *p);

/* Plans counts or digests of all tables that are wanted. The moment must be open. */
bool replica_plan(struct proof *p, struct err *err) MUST_CHECK;

/* Plans the digest of one table. */
void replica_plan_table(struct proof *p, const struct table *t);

/* Adds the check of a table that cannot be compared while the source is live. True when it is one. */
bool replica_is_late(struct proof *p, const struct table *t);

#endif
