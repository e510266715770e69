/*
 * channel: the channel database of a store that runs N-1, in a folder of its own.
 *
 *     DIR/channel.db      the tables of the package's store/channel.sql, and what carryover keeps beside them
 *     DIR/secret          the store's secret, for its owner only
 *     DIR/download/       parts of a package that is on its way
 *     DIR/upload/         the package that waits for its answer
 *     DIR/journal.jsonl   one line for every transaction of the tills
 *
 * The package says by rows of `carryover_upload` which tables the store sends and which of their columns counts; the
 * counter is filled by a trigger, as an identity column would: rising, without gaps, in the transaction that inserts.
 * Tables carryover_* say how far everything is: versions of chains, marks of transactions, numbered uploads. They
 * change in the transactions that make them true. The package's statements are kept in the database, too, so a store
 * needs no package once it is made. Several processes may have a store open: one syncs, one has the tills.
 */
#ifndef STORE_CHANNEL_H
#define STORE_CHANNEL_H
#include "conf/package.h"
#include "db/sqlite.h"
#include "net/secret.h"

#define CHANNEL_ID_MAX 40

struct channel {
    struct arena *a; /* for what lives as long as the channel */
    struct sqlite *db;
    const char *dir, *id, *url, *ca;
    bool fresh_counters; /* numbers of uploads were compared with headquarters since it was opened */
};

struct channel_make {
    const char *dir, *id, *url, *ca;
    const struct secret *secret;
    const struct package *package;
};

/* Makes a store. The folder may exist, but no channel database in it. Fails with ERR_STORE_STATE, ERR_PACKAGE when the
 * package has no store or a mistake in it. After a failure no channel database is left. */
bool channel_make(const struct channel_make *m, struct err *err) MUST_CHECK;

/* The empty tables of the package's store/channel.sql in a database in memory. Fails with ERR_PACKAGE. */
bool channel_memory(const struct package *package, struct arena *a, struct sqlite **ret, struct err *err) MUST_CHECK;

/* Tries the store/ of a package on a database in memory. Fails with ERR_PACKAGE. */
bool channel_try(const struct package *package, struct err *err) MUST_CHECK;

/* Opens the store in a folder. Fails with ERR_STORE_STATE. */
bool channel_open(const char *dir, struct channel **ret, struct err *err) MUST_CHECK;
void channel_free(struct channel *c);
DEFINE_SCOPED(channel)

/* DIR/name, in the channel's arena. */
const char *channel_path(struct channel *c, const char *name);

bool channel_secret(struct channel *c, struct secret *ret, struct err *err) MUST_CHECK;

/* A statement of the package ("till/sale", "totals"), or NULL; in the arena given. */
bool channel_script(struct channel *c, const char *name, struct arena *a, const char **ret, struct err *err) MUST_CHECK;

/* Small facts for people: "last-contact", "last-error". */
bool channel_note(struct channel *c, const char *name, const char *value, struct err *err) MUST_CHECK;
bool channel_noted(struct channel *c, const char *name, struct arena *a, const char **ret, struct err *err) MUST_CHECK;

/* Only one process at a time does this job ("sync", "till"). Fails with ERR_PROJECT_BUSY. The lock ends with the
 * process. */
bool channel_lock(struct channel *c, const char *job, struct err *err) MUST_CHECK;

#endif
