/*
 * blockers: who holds a lock that carryover waits for.
 */
#ifndef DB_BLOCKERS_H
#define DB_BLOCKERS_H
#include "db/pg.h"

/* Names the sessions of others that keep sessions of carryover waiting in this database: process, user, program, how
 * long its transaction is open, and its statement. Appends nothing when nobody does. Sessions of other users may be
 * hidden from a role without pg_read_all_stats; their process numbers are not. */
bool blockers_describe(struct pg *pg, struct buf *ret, struct err *err) MUST_CHECK;

#endif
