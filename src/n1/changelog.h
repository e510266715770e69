/*
 * changelog: which rows of the tables of N-1 changed between two snapshots, and how they looked before.
 *
 * Triggers on every table that a channel lens reads write the old rows and the keys of the new ones into a log of the
 * table, in the transaction that changes it, whoever that is: the reload of a down lens, an upload, an operator. A
 * window is all that is visible in the current snapshot and was not in an earlier one: it misses nothing and takes
 * nothing twice, in whatever order transactions commit. A window is laid out in the temporary tables that trackers
 * read: keys in "changed:x", rows that are no more in "image:x" (see lens/images.h and lens/tracker.h, which make the
 * trackers).
 */
#ifndef N1_CHANGELOG_H
#define N1_CHANGELOG_H
#include "base/arena.h"
#include "db/pg.h"

/* A table that channel lenses read. */
struct changelog_table {
    const char *schema, *name;
    const char *log;           /* qualified name of its log */
    const char *key, *columns; /* its key columns and all columns, quoted, separated by commas */
    bool changed;              /* has rows in the window that was opened last */
};

struct changelog {
    struct changelog_table *p;
    size_t n;
};

/* Makes logs and triggers that are missing, for all tables that carryover.channel_tracker names; inside a transaction
 * of the caller. Fails with ERR_PACKAGE when a table has no primary key. */
bool changelog_install(struct pg *target, struct err *err) MUST_CHECK;

/* The tables that the lenses of a job read. They live in the arena. */
bool changelog_of_job(struct pg *target, const char *job, struct arena *a, struct changelog *ret,
                      struct err *err) MUST_CHECK;

/* Finds out which tables have changed since the snapshot (text of a pg_snapshot); `*ret_any`: one of them has. The
 * caller's transaction is one with repeatable reads. */
bool changelog_look(struct pg *target, struct changelog *c, const char *since, bool *ret_any,
                    struct err *err) MUST_CHECK;

/* Lays out the window in temporary tables that go with the transaction. */
bool changelog_open(struct pg *target, const struct changelog *c, const char *since, struct err *err) MUST_CHECK;

/* Forgets what every job has behind it. */
bool changelog_purge(struct pg *target, struct err *err) MUST_CHECK;

#endif
